import { processArgsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';

export default control({
  id: 'etcd/profiling',
  title: 'etcd serves no profiling data',
  why: 'pprof shows memory contents, values of Secrets among them.',
  cost: 'No pprof without changing the arguments.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K07'), kubernetes('api-server-bypass-risks: etcd')],
  stock: 'same',
  // Off by default; only an argument could switch it on.
  settings: () => [],
  checks: () => [processArgsAbsent({ scope: 'control-plane', process: 'etcd', names: ['enable-pprof'] })],
});
