import { fileText } from '../../checks';
import { control } from '../control';
import { cis, nsa, owasp } from '../sources';

const groups = [
  'rbac.authorization.k8s.io',
  'admissionregistration.k8s.io',
  'networking.k8s.io',
  'certificates.k8s.io',
  'policy',
  'cilium.io',
];

export default control({
  id: 'audit/privilege-changes',
  title: 'Changes of rights, policies and certificates are logged in full',
  why: 'Such objects leave no other trace of what they granted once they are deleted again.',
  cost: 'These log lines are long.',
  severity: 'high',
  threats: ['admin', 'user'],
  stops: ['A03', 'A29', 'A33'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('3.2.2'), owasp('K10'), nsa('audit configuration')],
  stock: 'differs',
  settings: () => [
    {
      kind: 'audit-rule',
      order: 300,
      rule: {
        level: 'RequestResponse',
        verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
        resources: [{ group: '', resources: ['namespaces'] }, ...groups.map((group) => ({ group }))],
      },
    },
  ],
  // The canary of the audit checks is a Secret, which this rule must not match: the policy's text is the witness.
  checks: ({ paths }) =>
    groups.map((group) =>
      fileText({
        scope: 'control-plane',
        path: paths.audit,
        matches: new RegExp(`group: ['"]?${group.replaceAll('.', '\\.')}['"]?\\s`),
        expected: `has a rule for ${group}`,
      }),
    ),
});
