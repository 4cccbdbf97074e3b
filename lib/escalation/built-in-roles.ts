import type { Rule } from './rule';

const rule = (group: string, resources: readonly string[], verbs: readonly string[]): Rule => ({
  verbs,
  groups: [group],
  resources,
  names: [],
});

const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

/** The rights of `edit` by which its holder becomes somebody else. */
const edit: readonly Rule[] = [
  rule(
    '',
    ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'],
    ['get', 'list', 'watch'],
  ),
  rule('', ['serviceaccounts'], ['impersonate']),
  rule('', ['pods', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets'], write),
  rule('', ['configmaps', 'serviceaccounts', 'services', 'replicationcontrollers'], write),
  rule('', ['serviceaccounts/token'], ['create']),
  rule('apps', ['daemonsets', 'deployments', 'replicasets', 'statefulsets'], write),
  rule('batch', ['cronjobs', 'jobs'], write),
];

/**
 * ClusterRoles that Kubernetes 1.36 makes and manifests bind without defining them, as far as a right in them leads
 * further: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go.
 */
export const builtInRoles: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['cluster-admin', [rule('*', ['*'], ['*'])]],
  ['admin', [...edit, rule('rbac.authorization.k8s.io', ['rolebindings', 'roles'], write)]],
  ['edit', edit],
  ['view', []],
  ['system:kubelet-api-admin', [rule('', ['nodes/log', 'nodes/metrics', 'nodes/proxy', 'nodes/stats'], ['*'])]],
  [
    'system:node-bootstrapper',
    [rule('certificates.k8s.io', ['certificatesigningrequests'], ['create', 'get', 'list', 'watch'])],
  ],
]);

/**
 * A service account of every cluster that may write any ClusterRole with any rule: who may run pods in kube-system or
 * make tokens there becomes it.
 */
export const roleAggregator = {
  namespace: 'kube-system',
  name: 'clusterrole-aggregation-controller',
  binding: 'system:controller:clusterrole-aggregation-controller',
  rules: [rule('rbac.authorization.k8s.io', ['clusterroles'], ['escalate', 'get', 'list', 'patch', 'update', 'watch'])],
} as const;
