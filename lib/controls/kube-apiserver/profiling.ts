import { control } from '../control';
import { cis, owasp } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-apiserver/profiling',
  title: 'The API server serves no profiling data',
  why: 'pprof shows memory contents and call stacks of the API server, and a CPU profile slows it down.',
  cost: 'No pprof of a slow API server without changing its arguments.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.15'), owasp('K07')],
  stock: 'differs',
  // The handler answers administrators only, and a 404 to them shows no more than the argument of the running process.
  ...componentArgument('kube-apiserver', 'profiling', 'false'),
});
