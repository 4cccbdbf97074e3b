import { listenerOnlyLoopback } from '../../checks';
import { control } from '../control';
import { cis, owasp, seed, stig } from '../sources';
import { argument } from '../support/arguments';

export default control({
  id: 'kube-controller-manager/loopback',
  title: 'The controller manager listens on loopback only',
  why: 'Nothing outside the node needs to reach the controller manager; what is not reachable is not attacked.',
  cost: 'Prometheus needs an agent on the node to read its metrics.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.3.7'),
    stig('V-242385'),
    stig('V-242412'),
    owasp('K06'),
    seed('000/controller-manager'),
    seed('003/isolation'),
  ],
  stock: 'same',
  settings: () => [argument('kube-controller-manager', 'bind-address', '127.0.0.1')],
  checks: () => [listenerOnlyLoopback({ scope: 'control-plane', port: 10257 })],
});
