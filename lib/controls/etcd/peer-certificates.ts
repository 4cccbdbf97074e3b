import { clientCertificateDemanded, nodeAddress, processArg } from '../../checks';
import { control } from '../control';
import { cis, seed, stig } from '../sources';
import { argument } from '../support/arguments';

const scope = 'control-plane';

export default control({
  id: 'etcd/peer-certificates',
  title: 'Members of etcd authenticate each other',
  why: 'A foreign member gets a copy of all data.',
  cost: 'None: kubeadm makes and renews the certificates.',
  severity: 'critical',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('2.4'), cis('2.5'), stig('V-242426'), stig('V-242432'), stig('V-242433'), seed('003/etcd-tls')],
  stock: 'same',
  waivable: false,
  settings: () => [argument('etcd', 'peer-client-cert-auth', 'true')],
  checks: () => [
    clientCertificateDemanded({ scope, address: `${nodeAddress}:2380` }),
    processArg({ scope, process: 'etcd', name: 'peer-client-cert-auth', value: 'true' }),
    processArg({ scope, process: 'etcd', name: 'peer-cert-file', value: '/etc/kubernetes/pki/etcd/peer.crt' }),
  ],
});
