import { dirname, resolve } from 'node:path';
import type { ArtifactGroup, ArtifactRequest } from '../apply/artifacts';
import { architectureOf } from '../lib/boards';
import type { ResolvedCluster } from '../lib/resolved-cluster';

/**
 * Which node software a cluster needs.
 *
 * @param specFile where the spec lies, from which an offline directory is found. @default the working directory
 */
export function artifactRequest(cluster: ResolvedCluster, specFile = 'cluster.yaml'): ArtifactRequest {
  const { spec, release, keepsKubeProxy } = cluster;
  const groups: ArtifactGroup[] = [];
  if (spec.cni.name === 'cilium') groups.push('cilium');
  if (keepsKubeProxy) groups.push('kube-proxy');
  if (spec.metricsServer) groups.push('metrics-server');
  const { artifacts } = spec;
  const source: ArtifactRequest['source'] =
    artifacts.source === 'offline'
      ? { kind: 'offline', directory: resolve(dirname(specFile), artifacts.directory) }
      : { kind: 'source' };
  return { release, arch: architectureOf(cluster), source, groups };
}
