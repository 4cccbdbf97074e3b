import { listenerOnlyLoopback } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/health-endpoint',
  title: 'The health endpoint of kubelets listens on loopback',
  why: 'It asks for no credentials.',
  cost: 'Health checks from outside must use the API server.',
  severity: 'low',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K06'), kubernetes('kubelet configuration')],
  stock: 'same',
  settings: () => [field('healthzBindAddress', '127.0.0.1'), field('healthzPort', 10248)],
  checks: () => [listenerOnlyLoopback({ scope: 'node', port: 10248 })],
});
