import { control } from '../control';
import { cis, seed } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-scheduler/profiling',
  title: 'The scheduler serves no profiling data',
  why: 'pprof shows memory contents and slows the scheduler down.',
  cost: 'No pprof without changing the arguments.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.4.1'), seed('000/scheduler')],
  stock: 'differs',
  // The handler needs credentials, so that a request without them shows nothing: the argument is the witness.
  ...componentArgument('kube-scheduler', 'profiling', 'false'),
});
