import type { ResolvedCluster } from '../resolved-cluster';
import type { NodeSpec } from '../spec/cluster-spec';
import { type Board, boards, type EtcdTiming } from './classes';

/** The class of a node's board; undefined where the spec names none. */
export const boardOf = ({ platform }: NodeSpec): Board | undefined => platform && boards[platform.board];

/** Whether any node is a board. */
export const hasBoards = ({ spec }: Pick<ResolvedCluster, 'spec'>): boolean =>
  spec.nodes.some((node) => boardOf(node) !== undefined);

/** etcd's timing, which all members share: that of the slowest board. undefined where none keeps etcd. */
export function etcdTiming({ controlPlanes }: Pick<ResolvedCluster, 'controlPlanes'>): EtcdTiming | undefined {
  const timings = controlPlanes.flatMap((node) => boardOf(node)?.etcd ?? []);
  return timings.sort((a, b) => b.heartbeat - a.heartbeat)[0];
}

/** What every node's software is built for. One cluster has one architecture: a board decides for all. */
export const architectureOf = (cluster: Pick<ResolvedCluster, 'spec'>): 'amd64' | 'arm64' =>
  hasBoards(cluster) ? 'arm64' : 'amd64';
