import { certificateIssuer, processArg } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, nsa, seed } from '../sources';

export default control({
  id: 'etcd/separate-authority',
  title: 'etcd trusts an authority of its own',
  why: 'Every certificate of the cluster’s authority, a kubelet’s among them, would otherwise open the data store.',
  cost: 'One more authority to keep.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: ['A23'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('2.7'), kubernetes('api-server-bypass-risks: etcd'), nsa('etcd'), seed('000/separate-authorities')],
  stock: 'same',
  // kubeadm makes the authority.
  settings: () => [],
  checks: () => [
    ...['server', 'peer'].map((name) =>
      certificateIssuer({
        scope: 'control-plane',
        path: `/etc/kubernetes/pki/etcd/${name}.crt`,
        issuer: /CN\s*=\s*etcd-ca/,
        issuerText: 'etcd-ca',
      }),
    ),
    processArg({
      scope: 'control-plane',
      process: 'etcd',
      name: 'trusted-ca-file',
      value: '/etc/kubernetes/pki/etcd/ca.crt',
    }),
  ],
});
