import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeObservations } from '../../lib/checks/probe';
import { catalogue } from '../../lib/controls/registry';
import { type Evidence, type JudgeOptions, judgeCluster } from '../../lib/evidence';
import { type Resolution, resolve } from '../../lib/resolve';
import { parseSpec } from '../../lib/spec/parse';
import { specInput } from './spec';

/** What the end-to-end test recorded of a real cluster. */
export function recording(name: 'hardened' | 'stock'): readonly NodeObservations[] {
  return JSON.parse(readFileSync(join(__dirname, '../recordings', `${name}.json`), 'utf8')).nodes;
}

const waivers = [
  {
    control: 'node/time-sync',
    reason: 'the clock <b>belongs</b> to "somebody" else & is not ours',
    owner: 'platform team',
    expires: '2026-06-30',
    compensation: 'the hypervisor keeps the time',
  },
  {
    control: 'kubelet/cgroup-v2',
    reason: 'the kernel of the workers is older than that',
    owner: 'platform team',
    platform: true,
    nodes: ['worker-1'],
  },
];

/** A cluster like the recorded one, with two waivers. */
export const exampleResolution = (): Resolution =>
  resolve(
    parseSpec(specInput({ waivers }), { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) }).spec,
    catalogue,
  );

/** Evidence of a recorded cluster, judged on one day in June. */
export function exampleEvidence(
  name: 'hardened' | 'stock' = 'hardened',
  options: Partial<JudgeOptions> = {},
): Evidence {
  return judgeCluster(exampleResolution(), recording(name), { now: new Date('2026-06-15T12:00:00Z'), ...options });
}
