import { control } from '../control';
import { cis, nsa, stig } from '../sources';
import { valueArgument } from '../support/arguments';
import { numberValue } from '../value';

const files = numberValue({
  of: 'audit/log-maxbackup',
  what: 'rotated audit files of 100 MB',
  usual: 10,
  tighter: 'more',
});

export default control({
  id: 'audit/log-maxbackup',
  title: 'Ten rotated audit files or more are kept',
  why: 'Ten files of 100 MB hold days of a busy cluster.',
  cost: 'On a very busy cluster they hold less than the 30 days that files may live.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.18'), stig('V-242463'), nsa('logging')],
  stock: 'differs',
  // The effect takes a full log to see: the argument of the running process is the witness.
  ...valueArgument('kube-apiserver', 'audit-log-maxbackup', files),
});
