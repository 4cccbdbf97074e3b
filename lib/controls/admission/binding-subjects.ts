import { dryRunAccepted, dryRunRefused } from '../../checks';
import type { Json } from '../../settings/setting';
import { control } from '../control';
import { cis, kubernetes, microsoft, owasp, seed } from '../sources';

const rbac = 'rbac.authorization.k8s.io';

const bindingTo = (group: string): Json => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'bulwark-probe-binding' },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' },
  subjects: [{ apiGroup: rbac, kind: 'Group', name: group }],
});

export default control({
  id: 'admission/binding-subjects',
  title: 'No role can be bound to strangers, to everybody or to default service accounts',
  why: 'The quick fix of the founding thesis: a role for the default account is a role for every pod, one for system:authenticated for whoever logs in.',
  cost: 'Tools whose manifests bind system:authenticated, system:serviceaccounts or a default account need another subject. Bindings that were there before keep theirs.',
  severity: 'critical',
  threats: ['admin', 'user'],
  stops: ['A03'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('5.1.5'),
    kubernetes('hardening-guide: authz'),
    microsoft('MS-M9003'),
    owasp('K02'),
    seed('004/account-rights'),
  ],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'binding-subjects' }],
  checks: () => [
    dryRunRefused({
      object: bindingTo('system:authenticated'),
      what: 'a role for everybody who logged in',
      reason: 'admission/binding-subjects',
    }),
    dryRunAccepted({ object: bindingTo('bulwark-probe'), what: 'the same role for a group' }),
  ],
});
