import { boardOf, etcdTiming } from '../../boards';
import { board, fail, pass } from '../../checks';
import type { ResolvedCluster } from '../../resolved-cluster';
import { control } from '../control';
import { kubernetes } from '../sources';

/** What etcd's own guide asks of a disk: 99 of 100 syncs of its log within this time. */
const recommended = 10;

/** A sync that outlasts a heartbeat holds the next one back, and the leader is deposed by its own disk. */
const limit = (cluster: ResolvedCluster): number => etcdTiming(cluster)?.heartbeat ?? recommended;

export default control({
  id: 'board/etcd-disk',
  title: 'The disk below etcd syncs fast enough for its heartbeats',
  why: 'Whoever writes much on a cluster whose etcd lies on a slow card makes it lose its leader, and the API with it.',
  cost: 'Many SD cards are refused; a disk on USB 3 or NVMe is not. The set-up takes up to a minute longer, and the measurement says nothing about a card that wears out later.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('hardening-guide: resource limits')],
  stock: 'differs',
  appliesTo: ({ controlPlanes }) => controlPlanes.some((node) => boardOf(node) !== undefined),
  settings: (cluster) => [{ kind: 'disk-limit', warn: recommended, fail: limit(cluster) }],
  checks: (cluster) => [
    board({
      scope: 'control-plane',
      expected: `99 % of syncs within ${limit(cluster)} ms when the node was set up (${recommended} ms is recommended)`,
      judge: ({ diskSyncMilliseconds }) => {
        if (diskSyncMilliseconds === null) return fail('not measured');
        const seen = `${diskSyncMilliseconds} ms`;
        return diskSyncMilliseconds <= limit(cluster) ? pass(seen) : fail(seen);
      },
    }),
  ],
});
