import type { ClusterOptions } from '../../../lib/escalation';
import { findEscalations } from '../../../lib/escalation';
import type { Fields } from '../../../lib/fields';
import { bind, closed, deployment, granted, namespace, role } from './manifests';

const chainsOf = (objects: readonly Fields[], options: ClusterOptions = {}) =>
  findEscalations(objects, options).map(({ chain }) => chain.join(' → '));

const team = 'Group oidc:dev';
const admin = 'administrator of the cluster';

/** A way, and the same manifests with the one thing changed that closes it. */
interface Case {
  readonly name: string;
  readonly open: readonly Fields[];
  readonly chain: string;
  readonly shut: readonly Fields[];
}

const runs = 'create deployments.apps';

const cases: readonly Case[] = [
  {
    name: 'a binding to cluster-admin',
    open: [bind(team, 'cluster-admin')],
    chain: `${team} → every right → ${admin}`,
    shut: [bind(team, 'view')],
  },
  {
    name: 'workloads beside a service account that may bind roles',
    open: [
      namespace('shop'),
      ...granted(team, 'shop', runs),
      ...granted(
        'ServiceAccount shop/deployer',
        undefined,
        'bind clusterroles.rbac.authorization.k8s.io',
        'create clusterrolebindings.rbac.authorization.k8s.io',
      ),
    ],
    chain: `${team} → create deployments.apps in shop → any pod in shop → its token → ServiceAccount shop/deployer → bind clusterroles.rbac.authorization.k8s.io → ${admin}`,
    shut: [
      namespace('shop'),
      ...granted(team, 'shop', runs),
      // Without the right to bind, RBAC refuses what the account does not hold.
      ...granted('ServiceAccount shop/deployer', undefined, 'create clusterrolebindings.rbac.authorization.k8s.io'),
    ],
  },
  {
    name: 'a token made for a service account of another namespace',
    open: [...granted(team, undefined, 'create serviceaccounts/token')],
    chain: `${team} → create serviceaccounts/token in kube-system → ServiceAccount kube-system/clusterrole-aggregation-controller → escalate clusterroles.rbac.authorization.k8s.io → ${admin}`,
    shut: [...granted(team, 'shop', 'create serviceaccounts/token')],
  },
  {
    name: 'a token of one account by name',
    open: [
      ...granted(team, 'ops', 'create serviceaccounts/token:robot'),
      bind('ServiceAccount ops/robot', 'cluster-admin'),
    ],
    chain: `${team} → create serviceaccounts/token in ops → ServiceAccount ops/robot → every right → ${admin}`,
    shut: [
      ...granted(team, 'ops', 'create serviceaccounts/token:other'),
      bind('ServiceAccount ops/robot', 'cluster-admin'),
    ],
  },
  {
    name: 'binding one role by name',
    open: granted(
      team,
      undefined,
      'create clusterrolebindings.rbac.authorization.k8s.io',
      'bind clusterroles.rbac.authorization.k8s.io:cluster-admin',
    ),
    chain: `${team} → bind clusterroles.rbac.authorization.k8s.io → ${admin}`,
    shut: granted(
      team,
      undefined,
      'create clusterrolebindings.rbac.authorization.k8s.io',
      'bind clusterroles.rbac.authorization.k8s.io:view',
    ),
  },
  {
    name: 'commands in a pod whose account reads every Secret',
    open: [
      deployment('ops', 'backup'),
      closed('ops'),
      ...granted('ServiceAccount ops/backup', undefined, 'get,list secrets'),
      ...granted(team, 'ops', 'create pods/exec'),
    ],
    chain: `${team} → create pods/exec in ops → pod of Deployment ops/backup → its token → ServiceAccount ops/backup → get secrets → Secrets of every namespace`,
    shut: [
      deployment('ops', 'backup', { automountServiceAccountToken: false }),
      closed('ops'),
      ...granted('ServiceAccount ops/backup', undefined, 'get,list secrets'),
      ...granted(team, 'ops', 'create pods/exec'),
    ],
  },
  {
    name: 'impersonation of a user who is administrator',
    open: [...granted(team, undefined, 'impersonate users:root'), bind('User root', 'cluster-admin')],
    chain: `${team} → impersonate User root → User root → every right → ${admin}`,
    shut: [...granted(team, undefined, 'impersonate users:jane'), bind('User root', 'cluster-admin')],
  },
  {
    name: 'a privileged pod where the namespace lets it in',
    open: [namespace('loose', 'privileged'), ...granted(team, 'loose', 'create pods')],
    chain: `${team} → create pods in loose → any pod in loose → a privileged pod: loose enforces privileged → root on a node`,
    shut: [namespace('loose', 'baseline'), ...granted(team, 'loose', 'create pods')],
  },
  {
    name: 'a namespace whose level can be lowered',
    open: [namespace('shop'), ...granted(team, 'shop', 'create pods', 'patch namespaces')],
    chain: `${team} → patch namespaces in shop → root on a node`,
    shut: [namespace('shop'), ...granted(team, 'shop', 'create pods', 'get namespaces')],
  },
  {
    name: 'a volume that is a directory of the node',
    open: [
      namespace('shop'),
      ...granted(team, undefined, 'create persistentvolumes'),
      ...granted(`${team}`, 'shop', runs),
    ],
    chain: `${team} → create persistentvolumes → root on a node`,
    shut: [namespace('shop'), ...granted(team, undefined, 'create persistentvolumes')],
  },
  {
    name: 'the API of the kubelet',
    open: granted(team, undefined, 'get nodes/proxy'),
    chain: `${team} → get nodes/proxy → commands in every pod`,
    shut: granted(team, undefined, 'get nodes/metrics'),
  },
  {
    name: "approving one's own certificate",
    open: granted(
      team,
      undefined,
      'create certificatesigningrequests.certificates.k8s.io',
      'update certificatesigningrequests.certificates.k8s.io/approval',
      'approve signers.certificates.k8s.io:kubernetes.io/kube-apiserver-client',
    ),
    chain: `${team} → approve its own certificatesigningrequests.certificates.k8s.io → ${admin}`,
    shut: granted(
      team,
      undefined,
      'create certificatesigningrequests.certificates.k8s.io',
      'update certificatesigningrequests.certificates.k8s.io/approval',
      'approve signers.certificates.k8s.io:example.org/mine',
    ),
  },
  {
    name: 'a webhook that rewrites every object',
    open: granted(team, undefined, 'create mutatingwebhookconfigurations.admissionregistration.k8s.io'),
    chain: `${team} → create mutatingwebhookconfigurations.admissionregistration.k8s.io → ${admin}`,
    shut: granted(team, undefined, 'get mutatingwebhookconfigurations.admissionregistration.k8s.io'),
  },
  {
    name: 'pods of kube-system, unless a guard admits only a list',
    open: granted(team, undefined, 'create pods'),
    chain: `${team} → create pods in kube-system → any pod in kube-system → its token → ServiceAccount kube-system/clusterrole-aggregation-controller → escalate clusterroles.rbac.authorization.k8s.io → ${admin}`,
    shut: [
      ...granted(team, undefined, 'create pods'),
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: 'bulwark-exempt-namespace-guard' },
      },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: 'bulwark-exempt-namespace-guard' },
        spec: {
          policyName: 'bulwark-exempt-namespace-guard',
          matchResources: {
            namespaceSelector: {
              matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['kube-system'] }],
            },
          },
        },
      },
    ],
  },
  {
    name: "endpoints of one's own making",
    open: granted(team, undefined, 'create endpointslices.discovery.k8s.io'),
    chain: `${team} → create endpointslices.discovery.k8s.io → other teams' traffic`,
    shut: granted(team, undefined, 'list endpointslices.discovery.k8s.io'),
  },
  {
    name: 'rights that lie in an aggregated role',
    open: [
      { ...role('sum', undefined), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { sum: 'yes' } }] } },
      { ...role('part', undefined, 'create nodes/proxy'), metadata: { name: 'part', labels: { sum: 'yes' } } },
      bind(team, 'sum'),
    ],
    chain: `${team} → create nodes/proxy → commands in every pod`,
    shut: [
      { ...role('sum', undefined), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { sum: 'yes' } }] } },
      { ...role('part', undefined, 'create nodes/proxy'), metadata: { name: 'part', labels: { sum: 'no' } } },
      bind(team, 'sum'),
    ],
  },
  {
    name: "Kubernetes' own role edit where an account can do more",
    open: [
      bind(team, 'edit', 'shop', 'ClusterRole'),
      bind('ServiceAccount shop/robot', 'cluster-admin'),
      deployment('shop', 'robot', { automountServiceAccountToken: false }),
    ],
    chain: `${team} → create serviceaccounts/token in shop → ServiceAccount shop/robot → every right → ${admin}`,
    shut: [bind(team, 'edit', 'bank', 'ClusterRole'), bind('ServiceAccount shop/robot', 'cluster-admin')],
  },
];

describe.each(cases)('$name', ({ open, chain, shut }) => {
  test('is printed as a chain', () => {
    expect(chainsOf(open)).toContain(chain);
  });

  test('is gone once it is closed', () => {
    expect(chainsOf(shut).filter((each) => each.startsWith(team))).toEqual([]);
  });
});

describe('the way over the network', () => {
  const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
  const robot = [deployment('ops', 'robot'), bind('ServiceAccount ops/robot', 'cluster-admin')];
  const way =
    'pod of Deployment ops/robot → its token → ServiceAccount ops/robot → every right → administrator of the cluster';

  test('begins outside the cluster where nothing closes the pod', () => {
    const [found] = findEscalations(robot);
    expect(found?.finding).toMatchObject({
      control: 'escalation/cluster-admin',
      severity: 'error',
      message: `anybody outside the cluster → the network → ${way}`,
      object: { kind: 'Deployment', name: 'robot', namespace: 'ops' },
    });
  });

  test('begins in another namespace where one is let in', () => {
    const open = {
      ...ingress,
      metadata: { name: 'open', namespace: 'ops' },
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: {}, podSelector: {} }] }],
      },
    };
    expect(chainsOf([...robot, closed('ops'), open])).toEqual([`pods of other namespaces → the network → ${way}`]);
  });

  test.each([
    ['192.168.7.0/24', 'hosts of 192.168.7.0/24'],
    ['0.0.0.0/0', 'anybody outside the cluster'],
  ])('begins at %s where those addresses are let in', (cidr, visitor) => {
    const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr } }] }] };
    const open = { ...ingress, metadata: { name: 'open', namespace: 'ops' }, spec };
    expect(chainsOf([...robot, open])).toEqual([`${visitor} → the network → ${way}`]);
  });

  test('a pod that nobody reaches is a warning', () => {
    expect(
      findEscalations([...robot, closed('ops')]).map(({ finding }) => [finding.severity, finding.message]),
    ).toEqual([['warning', way]]);
    expect(findEscalations(robot, { defaultDeny: true })[0]?.finding.severity).toBe('warning');
  });

  test('a privileged pod is the node', () => {
    const spec = {
      automountServiceAccountToken: false,
      containers: [{ name: 'a', securityContext: { privileged: true } }],
    };
    expect(chainsOf([deployment('ops', 'agent', spec), closed('ops')])).toEqual([
      'pod of Deployment ops/agent → privileged → root on a node',
    ]);
  });
});

describe('what is no way', () => {
  test('a token for another audience', () => {
    const token = (audience?: string) => ({
      automountServiceAccountToken: false,
      volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't', audience } }] } }],
    });
    const robot = (audience?: string) => [
      deployment('ops', 'robot', token(audience)),
      bind('ServiceAccount ops/robot', 'cluster-admin'),
    ];
    const fromPod = (objects: readonly Fields[]) => chainsOf(objects).filter((chain) => chain.includes('Deployment'));
    expect(fromPod(robot('vault'))).toEqual([]);
    expect(fromPod(robot())).toHaveLength(1);
  });

  test('rights of the control plane itself', () => {
    expect(
      chainsOf([bind('Group system:masters', 'cluster-admin'), bind('Group kubeadm:cluster-admins', 'cluster-admin')]),
    ).toEqual([]);
  });

  test('a right that is limited to names it does not need', () => {
    expect(chainsOf(granted(team, undefined, 'get secrets:one'))).toEqual([]);
  });
});

test('the order of the manifests changes nothing', () => {
  const objects = cases.flatMap(({ open }) => open);
  const backwards = chainsOf([...objects].reverse());
  expect([...backwards].sort()).toEqual([...chainsOf(objects)].sort());
});

test('manifests of no shape at all are borne', () => {
  const odd = [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', subjects: [null, 7, 'x'], roleRef: 'y' },
    { kind: 'Role' },
  ];
  expect(() => findEscalations(odd as unknown as Fields[])).not.toThrow();
});
