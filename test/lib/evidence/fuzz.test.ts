import { type NodeObservations, nodeAddress, type Observation, probeKey } from '../../../lib/checks/probe';
import { judgeCluster } from '../../../lib/evidence';
import { exampleResolution, recording } from '../../support/evidence';
import { fuzz, mutate, pick, type Random, randomOf } from '../../support/random';

const { cases, seeds, name } = fuzz(2000);

const now = new Date('2026-06-15T12:00:00Z');

function mutateObservation(observation: Observation, random: Random): Observation | undefined {
  const kind = random();
  if (kind < 0.35) return undefined;
  if (kind < 0.5) return { unseen: pick(random, ['', 'no such tool']) };
  if (kind < 0.6) return pick(random, [{}, null, 5, { unseen: 5 }, { fact: undefined }] as unknown[]) as Observation;
  return mutate(observation, random) as Observation;
}

/** Some nodes may be gone; of each other node about one observation in ten is changed. */
function mutateSet(nodes: readonly NodeObservations[], random: Random): NodeObservations[] {
  const kept = nodes.filter(() => random() > 0.05);
  return kept.map((node) => {
    const observations: Record<string, Observation> = {};
    for (const [key, observation] of Object.entries(node.observations)) {
      const mutated = random() < 0.1 ? mutateObservation(observation, random) : observation;
      if (mutated !== undefined) observations[key] = mutated;
    }
    return { ...node, observations };
  });
}

/** Whether a fact was there for the probe where the check looks, found without the judge. */
function isThere(nodes: readonly NodeObservations[], scope: string, where: string, probe: string): boolean {
  return nodes.some(({ node, role, observations }) => {
    const observation = observations[probe] as { fact?: unknown } | null | undefined;
    const here = scope === 'cluster' ? role === 'control-plane' : node === where;
    return here && typeof observation === 'object' && observation !== null && observation.fact !== undefined;
  });
}

test(`${name}: mutated sets of observations: no crash, and no pass without its observation`, () => {
  const resolution = exampleResolution();
  const { spec } = resolution.cluster;
  const recorded = recording('hardened');
  const wrong: unknown[] = [];
  const seen = { pass: 0, other: 0 };
  const checksOf = new Map(
    resolution.controls.flatMap((control) =>
      control.checks(resolution.cluster).flatMap((check) => {
        const places = check.scope === 'cluster' ? [{ name: check.node ?? 'cluster', address: '' }] : spec.nodes;
        return places.map(({ name: where, address }) => {
          const expected = check.expected.replaceAll(nodeAddress, address || nodeAddress);
          return [JSON.stringify([control.id, where, expected]), probeKey(check.probe)] as const;
        });
      }),
    ),
  );
  for (const seed of seeds) {
    const random = randomOf(seed);
    const nodes = mutateSet(recorded, random);
    // About a quarter of the controls for each set, another quarter each time: judging costs more than mutating.
    const controls = resolution.controls.filter(() => random() < 0.25);
    const { rows } = judgeCluster({ ...resolution, controls }, nodes, { now });
    for (const row of rows) {
      if ((row.seen ?? row.verdict) !== 'pass') {
        seen.other += 1;
        continue;
      }
      seen.pass += 1;
      const probe = checksOf.get(JSON.stringify([row.control, row.where, row.expected]));
      if (probe === undefined || !isThere(nodes, row.scope, row.where, probe)) {
        wrong.push({ seed, control: row.control, where: row.where, probe });
      }
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  // The mutations neither miss nor destroy everything.
  expect(seen.pass).toBeGreaterThan(cases * 25);
  expect(seen.other).toBeGreaterThan(cases * 3);
}, 600_000);
