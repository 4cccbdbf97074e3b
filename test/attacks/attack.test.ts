import { type Attack, denialOf, said } from './attack';

const attack = (refused: RegExp): Attack => ({
  id: 'S1',
  title: 'A token is used from outside',
  source: 'seed',
  run: async () => said(''),
  refused,
  succeeds: /never/,
});

test('a denial is the whole line in which the cluster refuses, without a secret', () => {
  const token = `Bearer ${'a'.repeat(30)}`;
  const outcome = said(`first\nError from server (Forbidden): ${token} cannot list secrets\nlast`, 1);
  expect(denialOf(attack(/Forbidden/), outcome)).toBe('Error from server (Forbidden): [redacted] cannot list secrets');
  expect(denialOf(attack(/Unauthorized/), outcome)).toBeUndefined();
  expect(denialOf(attack(/exit 124$/), said('', 124))).toBeUndefined();
  expect(denialOf(attack(/x/), said('x'.repeat(2000)))).toHaveLength(600);
});
