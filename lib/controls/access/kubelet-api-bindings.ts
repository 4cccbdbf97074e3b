import { at, list, type ObjectFact, objectsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';

const allowed = (binding: ObjectFact): boolean =>
  list(at(binding, 'subjects')).every(
    (subject) => at(subject, 'kind') === 'User' && at(subject, 'name') === 'kube-apiserver-kubelet-client',
  );

export default control({
  id: 'access/kubelet-api-bindings',
  title: 'Only the API server holds the role for the whole API of kubelets',
  why: 'Whoever holds it runs commands in every pod of a node, past admission and past the audit log.',
  cost: 'Monitoring gets nodes/metrics and nodes/stats instead. Roles that users make with nodes/proxy are not read.',
  severity: 'high',
  threats: ['user', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K02'), kubernetes('api-server-bypass-risks: kubelet'), kubernetes('hardening-guide: authz')],
  stock: 'same',
  // kubeadm makes the one binding; more can only come later.
  settings: () => [],
  checks: () => [
    objectsAbsent({
      resource: 'clusterrolebindings.rbac.authorization.k8s.io',
      keep: ['subjects', 'roleRef'],
      where: (binding) => at(binding, 'roleRef.name') === 'system:kubelet-api-admin' && !allowed(binding),
      expected: 'system:kubelet-api-admin is bound to the API server only',
    }),
  ],
});
