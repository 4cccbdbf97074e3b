import type { Mutation } from './mutation';

const rbac = 'rbac.authorization.k8s.io';
const json = (value: unknown) => JSON.stringify(value);
const create = (object: unknown) => ({ args: ['create', '-f', '-'], stdin: json(object) });

/** As a join leaves it that was cut short. */
const leftoverToken = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'bootstrap-token-e2e123', namespace: 'kube-system' },
  type: 'bootstrap.kubernetes.io/token',
  stringData: {
    description: 'Bulwark: join of worker-1',
    'token-id': 'e2e123',
    'token-secret': '0123456789abcdef',
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': 'true',
    'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
  },
};

/** As `kubeadm init` leaves them. */
const discovery = { name: 'kubeadm:bootstrap-signer-clusterinfo', namespace: 'kube-public' };
const discoveryRole = {
  apiVersion: `${rbac}/v1`,
  kind: 'Role',
  metadata: discovery,
  rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['cluster-info'], verbs: ['get'] }],
};
const discoveryBinding = {
  apiVersion: `${rbac}/v1`,
  kind: 'RoleBinding',
  metadata: discovery,
  roleRef: { apiGroup: rbac, kind: 'Role', name: discovery.name },
  subjects: [{ apiGroup: rbac, kind: 'User', name: 'system:anonymous' }],
};
const nodeApproval = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'kubeadm:node-autoapprove-bootstrap' },
  roleRef: {
    apiGroup: rbac,
    kind: 'ClusterRole',
    name: 'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
  },
  subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:bootstrappers:kubeadm:default-node-token' }],
};
const uploadedKeys = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'kubeadm-certs', namespace: 'kube-system' },
  stringData: { 'ca.key': 'encrypted' },
};

const binding = (name: string) => ['delete', 'validatingadmissionpolicybindings', name];

const object = (
  control: string,
  what: string,
  touches: string,
  ...kubectl: NonNullable<Mutation['kubectl']>
): Mutation => ({
  control,
  what,
  on: 'cluster',
  touches,
  kubectl,
});

/** Objects of the API. */
export const objects: readonly Mutation[] = [
  object('network/default-deny', 'the default deny is deleted', 'ciliumclusterwidenetworkpolicies', {
    args: ['delete', 'ciliumclusterwidenetworkpolicies', '--all'],
  }),
  {
    ...object(
      'network/policy-enforcement',
      'Cilium is told to enforce nothing, and starts again',
      'cilium-config',
      {
        args: [
          'patch',
          'configmap',
          'cilium-config',
          '--namespace=kube-system',
          `--patch=${json({ data: { 'enable-policy': 'never' } })}`,
        ],
      },
      { args: ['rollout', 'restart', 'daemonset/cilium', '--namespace=kube-system'] },
      { args: ['rollout', 'status', 'daemonset/cilium', '--namespace=kube-system', '--timeout=100s'] },
    ),
    seenOn: ['cluster', 'control-plane', 'workers'],
  },
  object(
    'admission/exempt-namespace-guard',
    'the guard of kube-system is taken off',
    'bulwark-exempt-namespace-guard',
    {
      args: binding('bulwark-exempt-namespace-guard'),
    },
  ),
  object(
    'access/default-service-accounts',
    'a default account gives tokens again',
    'bulwark-tokenless-default-accounts',
    { args: binding('bulwark-tokenless-default-accounts') },
    {
      args: [
        'patch',
        'serviceaccount',
        'default',
        '--namespace=default',
        '--patch={"automountServiceAccountToken":true}',
      ],
    },
  ),
  object(
    'access/cluster-info',
    'strangers read the discovery document',
    discovery.name,
    create(discoveryRole),
    create(discoveryBinding),
  ),
  object(
    'access/node-approval',
    'a join token makes any node',
    'kubeadm:node-autoapprove-bootstrap',
    create(nodeApproval),
  ),
  object('access/bootstrap-tokens', 'a join token is left', 'bootstrap-token-e2e123', create(leftoverToken)),
  object('access/component-roles', 'the control plane takes pods', 'taints', {
    args: [
      'taint',
      'nodes',
      '--selector=node-role.kubernetes.io/control-plane',
      'node-role.kubernetes.io/control-plane-',
    ],
  }),
  object('kubelet/certificate-approver', 'the approver lists Secrets', 'bulwark:csr-approver', {
    args: [
      'patch',
      'clusterrole',
      'bulwark:csr-approver',
      '--type=json',
      `--patch=${json([{ op: 'add', path: '/rules/-', value: { apiGroups: [''], resources: ['secrets'], verbs: ['list'] } }])}`,
    ],
  }),
  object('pki/no-uploaded-keys', 'kubeadm’s copy of the keys is left', 'kubeadm-certs', create(uploadedKeys)),
];
