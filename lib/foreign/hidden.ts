import type { Control } from '../controls/control';
import type { ForeignCluster } from './describe-cluster';

/** Controls of etcd outside its own area. */
const aboutEtcd = new Set(['pki/etcd-names', 'network/etcd-firewall']);

/** Which controls cannot be seen on a cluster, for the judgement. */
export function hiddenBy({ hasExternalEtcd }: ForeignCluster): (control: Control) => string | undefined {
  return ({ id }) =>
    hasExternalEtcd && (id.startsWith('etcd/') || aboutEtcd.has(id))
      ? 'etcd runs outside of this cluster’s nodes, where nobody looked'
      : undefined;
}
