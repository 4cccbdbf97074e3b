import { accessDenied, at, list, objectsAll } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, seed } from '../sources';

export default control({
  id: 'access/component-roles',
  title: 'Scheduler and controller manager have their stock roles, on tainted control planes',
  why: 'A component with more rights than it needs hands them to whoever takes it over; a tenant’s pod beside it has the shortest way there.',
  cost: 'Control planes run no workloads of yours.',
  severity: 'high',
  threats: ['user', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.7'),
    kubernetes('hardening-guide: authz'),
    seed('000/scheduler'),
    seed('003/isolation'),
    seed('003/component-rights'),
  ],
  stock: 'same',
  // The roles come with Kubernetes, and kubeadm taints control planes.
  settings: () => [],
  checks: ({ controlPlanes }) => [
    accessDenied({ user: 'system:kube-scheduler', verb: 'get', resource: 'secrets', namespace: 'kube-system' }),
    accessDenied({ user: 'system:kube-scheduler', verb: 'create', resource: 'pods', namespace: 'kube-system' }),
    accessDenied({
      user: 'system:kube-controller-manager',
      verb: 'create',
      group: 'rbac.authorization.k8s.io',
      resource: 'clusterrolebindings',
    }),
    ...controlPlanes.map(({ name }) =>
      objectsAll({
        resource: 'nodes',
        name,
        keep: ['spec.taints'],
        holds: (node) =>
          list(at(node, 'spec.taints')).some(
            (taint) =>
              at(taint, 'key') === 'node-role.kubernetes.io/control-plane' && at(taint, 'effect') === 'NoSchedule',
          ),
        expected: `${name} takes no pods of others`,
      }),
    ),
  ],
});
