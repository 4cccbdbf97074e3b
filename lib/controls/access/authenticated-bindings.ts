import { at, list, type ObjectFact, objectsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';

/** Everybody who logged in, and every pod or every pod of a namespace. */
const broad = /^system:(authenticated|serviceaccounts(:.+)?)$/;

/** Roles that Kubernetes itself binds to such groups: they show what anybody may know. */
const harmless: readonly unknown[] = [
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
];

const bindsBroadly = (binding: ObjectFact): boolean =>
  list(at(binding, 'subjects')).some((subject) => broad.test(`${at(subject, 'name')}`));

export default control({
  id: 'access/authenticated-bindings',
  title: 'Nothing is granted cluster-wide to everybody who logged in or to all pods',
  why: 'A role bound to system:authenticated or system:serviceaccounts is a role for whoever takes any one pod.',
  cost: 'Tools that ask for such a binding need accounts of their own. Bindings within one namespace are not read.',
  severity: 'high',
  threats: ['user', 'external', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K02'), kubernetes('hardening-guide: authz'), seed('000/team-access'), seed('004/account-rights')],
  stock: 'same',
  // Kubernetes makes the harmless bindings; more can only come later.
  settings: () => [],
  checks: () => [
    objectsAbsent({
      resource: 'clusterrolebindings.rbac.authorization.k8s.io',
      keep: ['subjects', 'roleRef'],
      where: (binding) => bindsBroadly(binding) && !harmless.includes(at(binding, 'roleRef.name')),
      expected: 'only roles of public knowledge are bound to system:authenticated and system:serviceaccounts',
    }),
  ],
});
