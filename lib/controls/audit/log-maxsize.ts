import { control } from '../control';
import { cis, nsa, stig } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'audit/log-maxsize',
  title: 'An audit file is rotated at 100 MB',
  why: 'Zero switches rotation off, and a full disk stops the API server.',
  cost: 'None known.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.19'), stig('V-242462'), nsa('logging')],
  stock: 'differs',
  // The effect takes a full log to see: the argument of the running process is the witness.
  ...componentArgument('kube-apiserver', 'audit-log-maxsize', '100'),
});
