import { fileText } from '../../checks';
import { control } from '../control';
import { stig } from '../sources';

export default control({
  id: 'audit/full-bodies',
  title: 'The audit log holds what was asked for and answered, Secrets and tokens left out',
  why: 'From the full record it can be told afterwards what a changed workload was made to do, even when it is gone.',
  cost: 'The log grows many times faster, and holds what users write into workloads, credentials in plain variables too: who reads it must be trusted. The STIG asks for the bodies of Secrets as well, which audit/no-secret-bodies refuses.',
  severity: 'medium',
  threats: ['user', 'admin'],
  stops: [],
  profiles: ['strict'],
  sources: [stig('V-242403')],
  stock: 'differs',
  // Behind the rules that leave out heartbeats, Secrets and tokens, before the one that takes the rest without bodies.
  settings: () => [{ kind: 'audit-rule', order: 890, rule: { level: 'RequestResponse' } }],
  // The canary of the audit checks is a Secret, which this rule must not match: the policy's text is the witness.
  checks: ({ paths }) => [
    fileText({
      scope: 'control-plane',
      path: paths.audit,
      matches: /^\s*- level: RequestResponse\n\s*- level: Metadata\s*$/m,
      expected: 'records everything else in full',
    }),
  ],
});
