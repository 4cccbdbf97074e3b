import { control } from '../control';
import { cis, seed, stig } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-controller-manager/profiling',
  title: 'The controller manager serves no profiling data',
  why: 'pprof shows memory contents, service account keys among them.',
  cost: 'No pprof without changing the arguments.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.3.2'), stig('V-242409'), seed('000/controller-manager')],
  stock: 'differs',
  // The handler needs credentials, so that a request without them shows nothing: the argument is the witness.
  ...componentArgument('kube-controller-manager', 'profiling', 'false'),
});
