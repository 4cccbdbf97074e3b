import { stringify } from 'yaml';
import { assembleBundle } from '../../../kubeadm';
import { catalogue } from '../../../lib/controls/registry';
import { HardeningError } from '../../../lib/errors';
import { judgeCluster } from '../../../lib/evidence';
import { resolve } from '../../../lib/resolve';
import type { ClusterSpecInput } from '../../../lib/spec/cluster-spec';
import { parseSpec } from '../../../lib/spec/parse';
import { inputs } from '../../support/bundle-inputs';
import { fuzz, mutate, randomOf } from '../../support/random';
import { randomSpec } from '../../support/random-spec';

const { cases, seeds, name } = fuzz(200);
const now = new Date('2026-06-15T12:00:00Z');
const controlIds = catalogue.map(({ id }) => id);

/** What became of a spec: how far it got, or how it was refused. */
function follow(input: unknown, asText: boolean): 'refused' | 'rendered' {
  try {
    const source = asText ? stringify(input) : (input as ClusterSpecInput);
    const { spec } = parseSpec(source, { today: '2026-06-15', controlIds });
    const resolution = resolve(spec, catalogue);
    const bundle = assembleBundle(resolution, inputs);
    expect(bundle.has('manifest.json')).toBe(true);
    const { rows } = judgeCluster(resolution, [], { now });
    const passed = rows.filter(({ verdict, seen }) => (seen ?? verdict) === 'pass');
    expect(passed).toEqual([]);
    return 'rendered';
  } catch (error) {
    if (!(error instanceof HardeningError)) throw error;
    expect(['spec', 'weaker']).toContain(error.kind);
    expect(error.issues.length).toBeGreaterThan(0);
    for (const { code, message } of error.issues) {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(message.length).toBeGreaterThan(5);
    }
    return 'refused';
  }
}

test(`${name}: generated specs are rendered or refused with reasons, and nothing passes unseen`, () => {
  const seen = { rendered: 0, refused: 0 };
  for (const seed of seeds) {
    const random = randomOf(seed);
    const spec = randomSpec(random);
    const input = random() < 0.4 ? mutate(spec, random) : spec;
    try {
      seen[follow(input, random() < 0.2)] += 1;
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify(input)}`, { cause: error });
    }
  }
  // The generator reaches both ends.
  expect(seen.rendered).toBeGreaterThan(cases * 0.1);
  expect(seen.refused).toBeGreaterThan(cases * 0.1);
}, 3_600_000);
