import type { ApiServerPaths } from './node-paths';
import type { ActiveProfile } from './profiles/profile';
import type { Release } from './release/release';
import type { ClusterSpec, NodeSpec, Waiver } from './spec/cluster-spec';

/** A spec that is complete and consistent, with what follows from it. What controls and generators read. */
export interface ResolvedCluster {
  readonly spec: ClusterSpec;
  readonly profile: ActiveProfile;
  readonly release: Release;
  readonly controlPlanes: readonly NodeSpec[];
  readonly workers: readonly NodeSpec[];
  /** Where clients reach the API server, always rendered. */
  readonly endpoint: { readonly host: string; readonly port: number };
  /** Whether kube-proxy runs on the nodes. */
  readonly keepsKubeProxy: boolean;
  readonly waivers: readonly Waiver[];
  /** Files of the API server; those of a cluster that somebody else built are where its arguments say. */
  readonly paths: ApiServerPaths;
}
