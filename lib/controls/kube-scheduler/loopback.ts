import { listenerOnlyLoopback } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, owasp, seed, stig } from '../sources';
import { argument } from '../support/arguments';

export default control({
  id: 'kube-scheduler/loopback',
  title: 'The scheduler listens on loopback only',
  why: 'Nothing outside the node needs to reach the scheduler; what is not reachable is not attacked.',
  cost: 'Prometheus needs an agent on the node to read its metrics.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.4.2'),
    stig('V-242384'),
    stig('V-242411'),
    owasp('K06'),
    kubernetes('hardening-guide: scheduler'),
    seed('000/scheduler'),
    seed('003/isolation'),
  ],
  stock: 'same',
  settings: () => [argument('kube-scheduler', 'bind-address', '127.0.0.1')],
  checks: () => [listenerOnlyLoopback({ scope: 'control-plane', port: 10259 })],
});
