import { processArg } from '../../checks';
import { control } from '../control';
import { cis, nsa, seed, stig } from '../sources';

const scope = 'control-plane';
const process = 'kube-apiserver';

export default control({
  id: 'kube-apiserver/etcd-certificates',
  title: 'The API server and etcd authenticate each other',
  why: 'Everything that the cluster keeps crosses this connection.',
  cost: 'None: kubeadm makes and renews the certificates.',
  severity: 'critical',
  threats: ['external', 'provider'],
  stops: ['A22'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.23'),
    cis('1.2.26'),
    stig('V-242429'),
    stig('V-242430'),
    stig('V-242431'),
    nsa('etcd'),
    seed('003/tls'),
    seed('003/etcd-tls'),
  ],
  stock: 'same',
  // kubeadm sets the arguments, and the planner refuses other values.
  settings: () => [],
  checks: () => [
    processArg({ scope, process, name: 'etcd-cafile', value: '/etc/kubernetes/pki/etcd/ca.crt' }),
    processArg({ scope, process, name: 'etcd-certfile', value: '/etc/kubernetes/pki/apiserver-etcd-client.crt' }),
    processArg({ scope, process, name: 'etcd-keyfile', value: '/etc/kubernetes/pki/apiserver-etcd-client.key' }),
    processArg({
      scope,
      process,
      name: 'etcd-servers',
      value: 'https://…',
      accepts: (value) => value.split(',').every((server) => server.startsWith('https://')),
    }),
  ],
});
