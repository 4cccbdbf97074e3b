import { labWeakenings } from '../../lab';

describe('weakenings of the lab', () => {
  test('have ids of their own', () => {
    const ids = labWeakenings.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(labWeakenings.map((weakening) => [weakening.id, weakening] as const))(
    '%s says why and what',
    (_, weakening) => {
      // A waiver that takes the reason needs at least 20 characters.
      expect(weakening.reason.length).toBeGreaterThanOrEqual(20);
      expect(weakening.what).not.toBe('');
      expect(weakening.setting !== undefined).toBe(weakening.kind === 'setting');
    },
  );
});
