import type { Bundle } from '../kubeadm';
import { layBundle, makeBundle } from '../stacks/cluster-bundle';
import type { LoadedCluster } from './load-cluster';

/** Writes a cluster's bundle into its state directory and returns where. */
export function writeClusterBundle(
  { resolution, stateDirectory }: LoadedCluster,
  bundle: Bundle = makeBundle(resolution),
): string {
  return layBundle(bundle, stateDirectory);
}
