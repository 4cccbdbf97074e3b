import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, writeBundle } from '../kubeadm';
import { makeBundle } from '../stacks/cluster-bundle';
import type { LoadedCluster } from './load-cluster';

/** Writes a cluster's bundle into its state directory and returns where. */
export function writeClusterBundle(
  { resolution, stateDirectory }: LoadedCluster,
  bundle: Bundle = makeBundle(resolution),
): string {
  const directory = join(stateDirectory, 'bundle');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  writeBundle(bundle, directory);
  return directory;
}
