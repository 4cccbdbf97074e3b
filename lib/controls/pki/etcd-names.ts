import { certificateNames } from '../../checks';
import type { ResolvedCluster } from '../../resolved-cluster';
import { control } from '../control';
import { kubernetes, nsa } from '../sources';

/** Names and addresses of control planes, and of the machine itself. */
const expected = ({ controlPlanes }: ResolvedCluster): readonly string[] => [
  'localhost',
  '127.0.0.1',
  '::1',
  ...controlPlanes.flatMap(({ name, address }) => [name, address]),
];

export default control({
  id: 'pki/etcd-names',
  title: 'The certificates of etcd name control planes and nothing else',
  why: 'With one more name in it, a copied certificate lets another machine pose as the store of the cluster.',
  cost: 'A control plane that gets another name or address needs new certificates.',
  severity: 'medium',
  threats: ['provider', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('etcd'), kubernetes('hardening-guide: pki')],
  stock: 'same',
  // kubeadm names the node by itself; further names come only by its configuration.
  settings: () => [],
  checks: (cluster) =>
    ['server', 'peer'].map((name) =>
      certificateNames({
        scope: 'control-plane',
        path: `/etc/kubernetes/pki/etcd/${name}.crt`,
        names: expected(cluster),
      }),
    ),
});
