import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Evidence, judgeCluster } from '../lib/evidence';
import { observeCluster } from '../observe';
import type { LoadedCluster } from './load-cluster';
import { writeClusterBundle } from './make-bundle';
import { showEvents } from './playbook-progress';
import { Progress } from './progress';

/**
 * Observes a running cluster and judges what was seen against its spec. Both are kept in the state directory.
 *
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function verifyCluster(loaded: LoadedCluster): Promise<Evidence> {
  const { resolution, stateDirectory } = loaded;
  const bundleDirectory = writeClusterBundle(loaded);
  const observations = await new Progress().step(
    'Observation',
    (report) => observeCluster({ bundleDirectory, onEvent: showEvents(report) }),
    10,
  );
  const evidence = judgeCluster(resolution, observations, { now: new Date() });
  const keep = (name: string, value: unknown) =>
    writeFileSync(join(stateDirectory, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  keep('observations.json', { release: resolution.cluster.release.kubernetes, nodes: observations });
  keep('evidence.json', evidence);
  return evidence;
}
