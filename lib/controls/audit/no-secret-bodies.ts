import { auditCanaryWithoutBody, processArg } from '../../checks';
import { control } from '../control';
import { cis, nsa, owasp } from '../sources';

/** What the spec has encrypted at rest is no less secret in the log. `widgets.example.org` names group and resource. */
function groupResource(name: string): { readonly group: string; readonly resources: readonly string[] } {
  const [resource = '', ...group] = name.split('.');
  return { group: group.join('.'), resources: [resource] };
}

export default control({
  id: 'audit/no-secret-bodies',
  title: 'The audit log never holds the body of a Secret, a ConfigMap or a token',
  why: 'A log that copies Secrets is a second, less guarded store of them.',
  cost: 'The log says that a Secret changed, not what changed in it; of workloads the same, unless audit/full-bodies is on. The STIG asks for full bodies, which this control refuses.',
  severity: 'critical',
  threats: ['admin', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('3.2.2'), owasp('K03'), owasp('K10'), nsa('audit configuration')],
  stock: 'differs',
  // Workloads fall to the last rule, which has the same level.
  settings: ({ spec }) => [
    {
      kind: 'audit-rule',
      order: 200,
      rule: {
        level: 'Metadata',
        resources: [
          { group: '', resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
          { group: 'authentication.k8s.io' },
          ...spec.encryption.resources.map(groupResource),
        ],
      },
    },
  ],
  checks: ({ paths }) => [
    auditCanaryWithoutBody(),
    processArg({
      scope: 'control-plane',
      process: 'kube-apiserver',
      name: 'audit-policy-file',
      value: paths.audit,
    }),
  ],
});
