import { scaffold } from '../../scripts/scaffold-control';

describe('a new control', () => {
  test('starts with a file under its id and a test that mirrors it', () => {
    const files = scaffold('audit/log-colour');
    expect(Object.keys(files)).toEqual([
      'lib/controls/audit/log-colour.ts',
      'test/lib/controls/audit/log-colour.test.ts',
    ]);
    expect(files['lib/controls/audit/log-colour.ts']).toContain("id: 'audit/log-colour'");
    expect(files['test/lib/controls/audit/log-colour.test.ts']).toContain(
      "from '../../../../lib/controls/audit/log-colour'",
    );
  });

  test.each(['', 'audit', 'audit/', '../x/y', 'Audit/log', 'a/b/c', 'audit/log.ts'])(
    'is refused under the id %p',
    (id) => {
      expect(() => scaffold(id)).toThrow(/is no id/);
    },
  );
});
