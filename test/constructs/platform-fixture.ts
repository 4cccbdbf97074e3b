import { type PlatformFeatures, synthPlatform } from '../../constructs/platform';
import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import type { ResolvedCluster } from '../../lib/resolved-cluster';
import type { PlatformFeature } from '../../lib/settings/setting';
import { type ClusterSpecInput, clusterSpecSchema } from '../../lib/spec/cluster-spec';
import { specInput } from '../support/spec';

const features: readonly Exclude<PlatformFeature['feature'], 'admission-rule'>[] = [
  'binding-subjects',
  'cluster-admin-alarm',
  'cluster-dns',
  'csr-approver-rbac',
  'debug-containers',
  'default-deny',
  'exempt-namespace-guard',
  'host-paths',
  'image-pinning',
  'image-registries',
  'legacy-tokens',
  'namespace-levels',
  'no-client-certificates',
  'node-placement',
  'tokenless-default-accounts',
  'verifier-rbac',
  'waiver-record',
  'workload-templates',
];

/** Every feature but the rules that controls bring along, each asked for by a control named after it. */
export const everyFeature: PlatformFeatures = features.map((feature) => ({
  setting: { kind: 'platform-feature', feature },
  origins: [`test/${feature}`],
}));

/** The example cluster with `changes` laid over its spec. */
export function clusterOf(changes: Partial<ClusterSpecInput> = {}): ResolvedCluster {
  return resolve(clusterSpecSchema.parse(specInput(changes)), []).cluster;
}

/** Its manifests, with every feature and what the whole catalogue wants to see. */
export function manifestsOf(changes: Partial<ClusterSpecInput> = {}): Record<string, string> {
  const { cluster, controls } = resolve(clusterSpecSchema.parse(specInput(changes)), catalogue);
  return synthPlatform(cluster, everyFeature, controls);
}
