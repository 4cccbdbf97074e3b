import { control } from '../control';
import { cis, nsa, stig } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'audit/log-maxage',
  title: 'Audit files are kept for 30 days',
  why: 'Files kept for ever fill the disk, files dropped early leave nothing to look at.',
  cost: 'Older files are gone unless they are shipped elsewhere.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.17'), stig('V-242464'), nsa('logging')],
  stock: 'differs',
  // The effect takes weeks to see: the argument of the running process is the witness.
  ...componentArgument('kube-apiserver', 'audit-log-maxage', '30'),
});
