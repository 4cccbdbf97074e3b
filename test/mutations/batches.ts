import { certificates } from './certificates';
import { documents } from './documents';
import { files } from './files';
import { kubelets } from './kubelets';
import type { Mutation } from './mutation';
import { nodes } from './nodes';
import { objects } from './objects';
import { runtime } from './runtime';
import { staticPods } from './static-pods';

/** Every mutation. */
export const mutations: readonly Mutation[] = [
  ...staticPods,
  ...kubelets,
  ...certificates,
  ...documents,
  ...runtime,
  ...files,
  ...nodes,
  ...objects,
];

/** What a mutation needs for itself in its batch: the thing that it touches, and every control that it breaks. */
const claims = ({ control, seenOn, on, touches, also = [] }: Mutation): readonly string[] => [
  `${on}: ${touches}`,
  ...[{ control, seenOn }, ...also].flatMap((broken) =>
    (broken.seenOn ?? [on]).map((place) => `${place}: ${broken.control}`),
  ),
];

/** Whether two mutations would be in each other's way. */
export const overlap = (a: Mutation, b: Mutation): boolean => claims(a).some((claim) => claims(b).includes(claim));

/** As few batches of about the same size as do, such that no two mutations of one overlap. */
function pack(all: readonly Mutation[]): readonly (readonly Mutation[])[] {
  const uses = new Map<string, number>();
  for (const { on, touches } of all) uses.set(`${on} ${touches}`, (uses.get(`${on} ${touches}`) ?? 0) + 1);
  const made: Mutation[][] = Array.from({ length: Math.max(...uses.values()) }, () => []);
  for (const mutation of all) {
    const [smallest] = made
      .filter((batch) => !batch.some((other) => overlap(mutation, other)))
      .sort((a, b) => a.length - b.length);
    if (smallest) smallest.push(mutation);
    else made.push([mutation]);
  }
  return made;
}

/** Mutations that are made together. */
export const batches = pack(mutations);

/**
 * Numbers of the batches that a run makes, from 1.
 *
 * @param asked `all`, or any numbers with commas between, counted round the batches. @default the day, so that each
 *   day's run makes the next
 */
export function batchesOfRun(asked: string | undefined, today = Date.now()): readonly number[] {
  if (asked === 'all') return batches.map((_, index) => index + 1);
  const numbers = asked ? asked.split(',').map((one) => Number(one) - 1) : [Math.floor(today / 86_400_000)];
  if (!numbers.every(Number.isInteger)) throw new Error(`BULWARK_MUTATIONS is \`all\` or numbers, not ${asked}`);
  return numbers.map((number) => (((number % batches.length) + batches.length) % batches.length) + 1);
}
