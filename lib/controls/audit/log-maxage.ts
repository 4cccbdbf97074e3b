import { control } from '../control';
import { cis, nsa, stig } from '../sources';
import { valueArgument } from '../support/arguments';
import { numberValue } from '../value';

const days = numberValue({
  of: 'audit/log-maxage',
  what: 'days that audit files are kept',
  usual: 30,
  tighter: 'more',
});

export default control({
  id: 'audit/log-maxage',
  title: 'Audit files are kept for 30 days or more',
  why: 'Files kept for ever fill the disk, files dropped early leave nothing to look at.',
  cost: 'Older files are gone unless they are shipped elsewhere.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.17'), stig('V-242464'), nsa('logging')],
  stock: 'differs',
  // The effect takes weeks to see: the argument of the running process is the witness.
  ...valueArgument('kube-apiserver', 'audit-log-maxage', days),
});
