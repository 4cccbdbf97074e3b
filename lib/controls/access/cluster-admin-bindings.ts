import { at, objectsAbsent } from '../../checks';
import type { Json } from '../../settings/setting';
import { control } from '../control';
import { cis, kubernetes, microsoft, nsa, owasp, seed } from '../sources';

const known: readonly (Json | undefined)[] = ['cluster-admin', 'kubeadm:cluster-admins'];

export default control({
  id: 'access/cluster-admin-bindings',
  title: 'Nobody is cluster-admin but the groups that the cluster came with',
  why: 'One binding for convenience is the third of the founding thesis’ causes.',
  cost: 'Tools such as Helm or CI need roles of their own. A new binding is counted, warned of and logged, not refused: `bulwark break-glass` makes one, and verification fails while it is there.',
  severity: 'high',
  threats: ['user', 'admin'],
  stops: ['A03'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('5.1.1'),
    cis('5.1.7'),
    kubernetes('hardening-guide: authz'),
    nsa('rbac'),
    owasp('K02'),
    microsoft('MS-M9003'),
    seed('000/team-access'),
    seed('002/rbac'),
    seed('004/account-rights'),
  ],
  stock: 'same',
  // kubeadm makes the two known bindings; more can only come later, and raise an alarm when they do.
  settings: () => [{ kind: 'platform-feature', feature: 'cluster-admin-alarm' }],
  checks: () => [
    objectsAbsent({
      resource: 'clusterrolebindings.rbac.authorization.k8s.io',
      keep: ['roleRef'],
      where: (binding) =>
        at(binding, 'roleRef.name') === 'cluster-admin' && !known.includes(at(binding, 'metadata.name')),
      expected: 'cluster-admin is bound by cluster-admin and kubeadm:cluster-admins only',
    }),
  ],
});
