import { listenerNotWildcard, listenerOnlyLoopback } from '../../checks';
import { control } from '../control';
import { microsoft, nsa, owasp, seed, stig } from '../sources';

export default control({
  id: 'etcd/listen-addresses',
  title: 'etcd listens on named addresses, and its metrics on loopback',
  why: 'A listener on all addresses follows the node into every network that it joins; the metrics port asks for no certificate.',
  cost: 'Prometheus needs an agent on the node to read the metrics.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: ['A22'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [stig('V-242413'), nsa('etcd'), owasp('K06'), microsoft('MS-M9024'), seed('004/etcd-isolation')],
  stock: 'same',
  // kubeadm sets the addresses, and the planner refuses other values.
  settings: () => [],
  checks: () => [
    listenerNotWildcard({ scope: 'control-plane', port: 2379 }),
    listenerNotWildcard({ scope: 'control-plane', port: 2380 }),
    listenerOnlyLoopback({ scope: 'control-plane', port: 2381 }),
  ],
});
