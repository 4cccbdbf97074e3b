import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';

const read = ['get', 'list', 'watch'];
const cilium = (resources: readonly string[], verbs: readonly string[]): k8s.PolicyRule => ({
  apiGroups: ['cilium.io'],
  resources: [...resources],
  verbs: [...verbs],
});

/** Reads what it enforces and serves; writes its own node, endpoints and identities. No Secrets, no ConfigMaps. */
const agentRules: readonly k8s.PolicyRule[] = [
  { apiGroups: [''], resources: ['namespaces', 'nodes', 'pods', 'services'], verbs: read },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: read },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['list', 'watch'] },
  cilium(
    [
      'ciliumcidrgroups',
      'ciliumclusterwidenetworkpolicies',
      'ciliumendpoints',
      'ciliumidentities',
      'ciliumnetworkpolicies',
      'ciliumnodes',
      'ciliumpodippools',
    ],
    ['list', 'watch'],
  ),
  cilium(['ciliumendpoints', 'ciliumidentities', 'ciliumnodes'], ['create']),
  cilium(['ciliumidentities'], ['update']),
  cilium(['ciliumendpoints'], ['delete', 'get', 'patch']),
  cilium(['ciliumnodes', 'ciliumnodes/status'], ['get', 'update']),
];

/** Cilium's resource definitions that the operator keeps at its own version. */
const definitions = [
  'ciliumbgpadvertisements',
  'ciliumbgpclusterconfigs',
  'ciliumbgpnodeconfigoverrides',
  'ciliumbgpnodeconfigs',
  'ciliumbgppeerconfigs',
  'ciliumcidrgroups',
  'ciliumclusterwideenvoyconfigs',
  'ciliumclusterwidenetworkpolicies',
  'ciliumdatapathplugins',
  'ciliumegressgatewaypolicies',
  'ciliumendpoints',
  'ciliumendpointslices',
  'ciliumenvoyconfigs',
  'ciliumgatewayclassconfigs',
  'ciliumidentities',
  'ciliuml2announcementpolicies',
  'ciliumloadbalancerippools',
  'ciliumlocalredirectpolicies',
  'ciliumnetworkpolicies',
  'ciliumnodeconfigs',
  'ciliumnodes',
  'ciliumpodippools',
].map((resource) => `${resource}.cilium.io`);

const operatorRules: readonly k8s.PolicyRule[] = [
  { apiGroups: [''], resources: ['namespaces', 'nodes', 'pods', 'services'], verbs: read },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['create', ...read] },
  {
    apiGroups: ['apiextensions.k8s.io'],
    resources: ['customresourcedefinitions'],
    resourceNames: definitions,
    verbs: ['update'],
  },
  cilium(['ciliumclusterwidenetworkpolicies', 'ciliumnetworkpolicies'], read),
  cilium(['ciliumclusterwidenetworkpolicies/status', 'ciliumnetworkpolicies/status'], ['patch', 'update']),
  cilium(['ciliumendpoints', 'ciliumidentities'], ['delete', 'list', 'watch']),
  cilium(['ciliumidentities'], ['update']),
  cilium(['ciliumnodes'], ['create', 'delete', ...read, 'update']),
  cilium(['ciliumnodes/status'], ['update']),
  cilium(['ciliumcidrgroups'], read),
];

/** Leader election. */
const operatorLeaseRules: readonly k8s.PolicyRule[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'get', 'update'] },
];

/** Service accounts of agent and operator, with the rights of the features that are on. */
export class CiliumRoles extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.account('cilium', agentRules);
    this.account('cilium-operator', operatorRules);
    const metadata = { name: 'cilium-operator', namespace: 'kube-system' };
    new k8s.KubeRole(this, 'lease-role', { metadata, rules: [...operatorLeaseRules] });
    new k8s.KubeRoleBinding(this, 'lease-binding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'cilium-operator' },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    });
  }

  private account(name: string, rules: readonly k8s.PolicyRule[]): void {
    new k8s.KubeServiceAccount(this, `${name}-account`, { metadata: { name, namespace: 'kube-system' } });
    new k8s.KubeClusterRole(this, `${name}-role`, { metadata: { name }, rules: [...rules] });
    new k8s.KubeClusterRoleBinding(this, `${name}-binding`, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'kube-system' }],
    });
  }
}
