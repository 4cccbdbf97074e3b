import type { ClusterFacts, Seen } from '../../lib/foreign/cluster-facts';

const unseen: Seen<never> = { unseen: 'forbidden' };

/** What a user without any right sees of a cluster. */
export const nothingSeen: ClusterFacts = {
  version: unseen,
  nodes: unseen,
  staticPods: unseen,
  clusterConfiguration: unseen,
  namespaces: unseen,
  ciliumConfig: unseen,
  hasKubeProxy: unseen,
  recordedSpec: unseen,
  kubeletConfiguration: unseen,
  corefile: unseen,
};
