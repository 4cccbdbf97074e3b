import { httpStatus, nodeAddress } from '../../checks';
import { control } from '../control';
import { cis, owasp } from '../sources';
import { argument } from '../support/arguments';

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
  settings: () => [argument('kube-apiserver', 'profiling', 'false')],
  // An administrator is authorized, so that 404 is the word of the missing handler.
  checks: () => [
    httpStatus({
      scope: 'control-plane',
      url: `https://${nodeAddress}:6443/debug/pprof/`,
      client: 'admin',
      status: [404],
    }),
  ],
});
