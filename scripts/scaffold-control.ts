/** Text of the files that a new control starts with, by path. What has to be filled in fails its tests until it is. */
export function scaffold(id: string): Readonly<Record<string, string>> {
  if (!/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(id)) {
    throw new Error(`'${id}' is no id: write <area>/<name> in lower case with hyphens, for example audit/log-maxage`);
  }
  return { [`lib/controls/${id}.ts`]: control(id), [`test/lib/controls/${id}.test.ts`]: test(id) };
}

const control = (id: string): string => `import { control } from '../control';
import { kubernetes } from '../sources';

export default control({
  id: '${id}',
  title: '',
  why: '',
  cost: '',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('')],
  stock: 'same',
  settings: () => [],
  checks: () => [],
});
`;

const test = (id: string): string => `import subject from '../../../../lib/controls/${id}';
import { verdictOn } from '../../../support/verdict-on';

describe('${id}', () => {
  test('passes what holds', () => {
    expect(verdictOn(subject, {})).toBe('pass');
  });

  test('fails what somebody broke', () => {
    expect(verdictOn(subject, {})).toBe('fail');
  });
});
`;
