import { at, list, type ObjectFact, objectsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft, owasp, seed } from '../sources';

const anonymous: readonly unknown[] = ['system:anonymous', 'system:unauthenticated'];

const bindsAnonymous = (binding: ObjectFact): boolean =>
  list(at(binding, 'subjects')).some((subject) => anonymous.includes(at(subject, 'name')));

export default control({
  id: 'access/anonymous-bindings',
  title: 'Nothing is granted to anonymous users but public information',
  why: 'A role bound to system:anonymous is open to the world; it is the classic quick fix.',
  cost: 'None known.',
  severity: 'critical',
  threats: ['external', 'admin'],
  stops: ['A03', 'A15'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('hardening-guide: authz'), owasp('K09'), microsoft('MS-M9021'), seed('000/anonymous-auth')],
  stock: 'same',
  settings: () => [],
  checks: () => [
    objectsAbsent({
      resource: 'clusterrolebindings.rbac.authorization.k8s.io',
      keep: ['subjects', 'roleRef'],
      where: (binding) => bindsAnonymous(binding) && at(binding, 'roleRef.name') !== 'system:public-info-viewer',
      expected: 'only system:public-info-viewer is bound to unauthenticated users',
    }),
  ],
});
