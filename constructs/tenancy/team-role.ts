import type { k8s } from 'cdk8s-plus-27';

/** What a group may do in its tenant's namespaces. Each role holds the one before it. */
export enum TeamRole {
  /** Reads everything but Secrets, logs included. */
  VIEWER = 'viewer',
  /** Runs workloads: writes them and what belongs to them; puts Secrets there and cannot read them back. */
  DEVELOPER = 'developer',
  /** Also reads and changes Secrets, runs DaemonSets and drains pods. */
  OPERATOR = 'operator',
}

/** Ways into a running pod. No role has one by itself; the audit log names user, pod and command. */
export enum InteractiveAccess {
  EXEC = 'exec',
  ATTACH = 'attach',
  PORT_FORWARD = 'port-forward',
  /** HTTP through the API server, to pods and Services. */
  PROXY = 'proxy',
}

const read = ['get', 'list', 'watch'];
const write = ['create', 'update', 'patch', 'delete'];

const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): k8s.PolicyRule => ({
  apiGroups: [apiGroup],
  resources: [...resources],
  verbs: [...verbs],
});

const viewer: readonly k8s.PolicyRule[] = [
  rule(
    '',
    [
      'configmaps',
      'endpoints',
      'events',
      'limitranges',
      'namespaces',
      'persistentvolumeclaims',
      'pods',
      'pods/log',
      'resourcequotas',
      'serviceaccounts',
      'services',
    ],
    read,
  ),
  rule('apps', ['daemonsets', 'deployments', 'replicasets', 'statefulsets'], read),
  rule('autoscaling', ['horizontalpodautoscalers'], read),
  rule('batch', ['cronjobs', 'jobs'], read),
  rule('discovery.k8s.io', ['endpointslices'], read),
  rule('events.k8s.io', ['events'], read),
  rule('gateway.networking.k8s.io', ['httproutes'], read),
  rule('metrics.k8s.io', ['pods'], read),
  rule('networking.k8s.io', ['ingresses', 'networkpolicies'], read),
  rule('policy', ['poddisruptionbudgets'], read),
  rule('rbac.authorization.k8s.io', ['rolebindings', 'roles'], read),
];

const developer: readonly k8s.PolicyRule[] = [
  ...viewer,
  rule('', ['configmaps', 'persistentvolumeclaims', 'serviceaccounts', 'services'], write),
  rule('', ['pods'], ['delete']),
  // Answers to update and patch hold the whole Secret, so they would be a way to read it.
  rule('', ['secrets'], ['create', 'delete']),
  rule('apps', ['deployments', 'deployments/scale', 'statefulsets', 'statefulsets/scale'], write),
  rule('autoscaling', ['horizontalpodautoscalers'], write),
  rule('batch', ['cronjobs', 'jobs'], write),
  rule('gateway.networking.k8s.io', ['httproutes'], write),
  rule('networking.k8s.io', ['ingresses', 'networkpolicies'], write),
  rule('policy', ['poddisruptionbudgets'], write),
];

const operator: readonly k8s.PolicyRule[] = [
  ...developer,
  rule('', ['secrets'], [...read, 'update', 'patch']),
  rule('', ['pods/eviction'], ['create']),
  rule('apps', ['daemonsets'], write),
];

const ofRole: Readonly<Record<TeamRole, readonly k8s.PolicyRule[]>> = { viewer, developer, operator };

/** A WebSocket begins as a GET, and since Kubernetes 1.35 needs the right to create as well. */
const stream = ['create', 'get'];

const ofAccess: Readonly<Record<InteractiveAccess, k8s.PolicyRule>> = {
  exec: rule('', ['pods/exec'], stream),
  attach: rule('', ['pods/attach'], stream),
  'port-forward': rule('', ['pods/portforward'], stream),
  // The verb follows from the method of the HTTP request.
  proxy: rule('', ['pods/proxy', 'services/proxy'], ['get', ...write]),
};

/**
 * The rules of a role, with ways into pods where they are granted.
 *
 * None has `bind`, `escalate`, `impersonate`, a wildcard, nodes, writes of endpoints, `services/status`, admission
 * configuration or tokens of service accounts; nor Roles and RoleBindings, so that who may do what stays in one place.
 * Whoever writes workloads in a namespace can run pods under any of its service accounts and mount any of its Secrets:
 * the boundary is the namespace, and no role can draw one inside it.
 */
export function rulesOf(role: TeamRole, interactive: readonly InteractiveAccess[] = []): k8s.PolicyRule[] {
  return [...ofRole[role], ...interactive.map((access) => ofAccess[access])];
}
