/** Numbers from 0 up to 1, repeatable. */
export type Random = () => number;

/** Mulberry32: the same seed gives the same numbers, so that a failure can be played again. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

const oddities: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e21,
  '',
  'x',
  [],
  [null],
  {},
  { args: 5 },
  [[]],
  { x: { y: 1 } },
];

/** A value with one of its parts gone, replaced or exchanged for an oddity. */
export function mutate(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.15) return pick(random, oddities);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  const key = pick(random, Object.keys(copy));
  if (key === undefined) return pick(random, oddities);
  const members = copy as Record<string, unknown>;
  if (random() < 0.3) delete members[key];
  else members[key] = mutate(members[key], random);
  return copy;
}

/**
 * How many random cases a test tries, and from which seed on: each case has the next one. `BULWARK_FUZZ` and
 * `BULWARK_FUZZ_SEED` set them.
 *
 * @param usual how many where nobody says
 */
export function fuzz(usual: number): {
  readonly cases: number;
  readonly seeds: readonly number[];
  readonly name: string;
} {
  const cases = Number(process.env.BULWARK_FUZZ ?? usual);
  const first = Number(process.env.BULWARK_FUZZ_SEED ?? 1);
  return {
    cases,
    seeds: Array.from({ length: cases }, (_, index) => first + index),
    name: `${cases} from seed ${first}`,
  };
}
