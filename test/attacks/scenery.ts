import type { Outcome, Target } from './attack';
import { plainPod, restrictedPod, restrictedSpec } from './pod-specs';

/**
 * What runs on a cluster before it is attacked, the same on every target: the founding thesis' shop (frontend, backend
 * and Redis in `default`), two tenants, and a namespace at the `baseline` level for what only root in a pod can try.
 */
export const scenery = {
  shop: 'default',
  app: 'app',
  tenant: 'tenant-a',
  neighbour: 'tenant-b',
  loose: 'loose',
  /** Value of the Secret `app/db`, searched for in etcd's files. */
  canary: 'canary-7c1f0f7e5d0c4b6f-at-rest',
  /** The thesis' Redis password. */
  redisPassword: 'helloworld!',
} as const;

/** Answers `AUTH helloworld!` the way Redis does: all that the thesis' second attack needs of it. */
const redisScript = `trap 'exit 0' TERM
nc -ll -p 6379 -e /bin/sh -c 'read -r line
case "$line" in *"${scenery.redisPassword}"*) echo +OK;; *) echo -NOAUTH Authentication required.;; esac' &
wait`;

const namespace = (name: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const serviceAccount = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: scenery.tenant },
});

const roleBinding = (name: string, role: { kind: string; name: string }, account: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name, namespace: scenery.tenant },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...role },
  subjects: [{ kind: 'ServiceAccount', name: account, namespace: scenery.tenant }],
});

function objects({ name, image, victim, otherNode }: Target) {
  const on = { image, node: victim.name };
  return [
    // The stock cluster has one machine; its second node is an object without one.
    ...(name === 'stock' ? [{ apiVersion: 'v1', kind: 'Node', metadata: { name: otherNode } }] : []),
    namespace(scenery.app),
    namespace(scenery.tenant),
    namespace(scenery.neighbour),
    namespace(scenery.loose, { 'pod-security.kubernetes.io/enforce': 'baseline' }),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'frontend', namespace: scenery.shop },
      spec: {
        selector: { matchLabels: { app: 'frontend' } },
        template: { metadata: { labels: { app: 'frontend' } }, spec: restrictedSpec({ ...on, name: 'frontend' }) },
      },
    },
    restrictedPod({ ...on, name: 'backend', namespace: scenery.shop, labels: { app: 'backend' } }),
    restrictedPod({ ...on, name: 'redis', namespace: scenery.shop, labels: { app: 'redis' }, script: redisScript }),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'redis', namespace: scenery.shop },
      stringData: { password: scenery.redisPassword },
    },
    // The thesis' mitigation with its slips repaired (`spec`, podSelector), and the egress that a default deny asks for.
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'backend-egress', namespace: scenery.shop },
      spec: {
        podSelector: { matchLabels: { app: 'backend' } },
        policyTypes: ['Egress'],
        egress: [
          { to: [{ podSelector: { matchLabels: { app: 'redis' } } }], ports: [{ protocol: 'TCP', port: 6379 }] },
        ],
      },
    },
    restrictedPod({ ...on, name: 'web', namespace: scenery.tenant }),
    restrictedPod({ ...on, name: 'web', namespace: scenery.neighbour }),
    plainPod({ ...on, name: 'plain', namespace: scenery.loose }),
    // Gives its node a reason to ask for tokens of this service account at all.
    restrictedPod({ ...on, name: 'here', namespace: scenery.app }),
    // Stock's other node has no machine that a scheduler would take; the hardened cluster lets no pod name its node.
    name === 'stock'
      ? {
          ...restrictedPod({ image, name: 'elsewhere', namespace: scenery.app }),
          spec: { ...restrictedSpec({ image, name: 'elsewhere' }), nodeName: otherNode },
        }
      : restrictedPod({ image, name: 'elsewhere', namespace: scenery.app, node: otherNode }),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace: scenery.app },
      stringData: { password: scenery.canary },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: scenery.tenant },
      spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] },
    },
    serviceAccount('tenant'),
    serviceAccount('deployer'),
    serviceAccount('reader'),
    roleBinding('tenant', { kind: 'ClusterRole', name: 'edit' }, 'tenant'),
    roleBinding('deployer', { kind: 'ClusterRole', name: 'admin' }, 'deployer'),
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'reader', namespace: scenery.tenant },
      rules: [{ apiGroups: [''], resources: ['pods', 'pods/exec'], verbs: ['get', 'list'] }],
    },
    roleBinding('reader', { kind: 'Role', name: 'reader' }, 'reader'),
  ];
}

const redisPolicy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'backend-traffic', namespace: scenery.shop },
  spec: {
    podSelector: { matchLabels: { app: 'redis' } },
    policyTypes: ['Ingress'],
    ingress: [
      { from: [{ podSelector: { matchLabels: { app: 'backend' } } }], ports: [{ protocol: 'TCP', port: 6379 }] },
    ],
  },
};

const must = (step: string, outcome: Outcome): Outcome => {
  if (outcome.code !== 0) throw new Error(`${step}: ${outcome.stderr || outcome.stdout}`);
  return outcome;
};

/**
 * Puts the scenery onto a cluster and waits until its pods run. A default deny is what a hardened cluster brings along,
 * so the policies that open the backend's way to Redis go only there; stock has none and stays open.
 */
export async function setScene(target: Target): Promise<void> {
  const wanted = target.name === 'hardened' ? [...objects(target), redisPolicy] : withoutPolicies(objects(target));
  const list = { apiVersion: 'v1', kind: 'List', items: wanted };
  // Only the run that applies a spec may give a namespace another level; here it stands in for a spec with `loose`.
  const runner = target.name === 'hardened' ? ['--as=bulwark:run', '--as-group=kubeadm:cluster-admins'] : [];
  const namespaces = { ...list, items: wanted.filter(({ kind }) => kind === 'Namespace') };
  must('namespaces', await apply(target, namespaces, runner));
  // A new namespace gets its default service account a moment later, and pods are refused until then.
  for (const name of [scenery.app, scenery.tenant, scenery.neighbour, scenery.loose]) {
    must(name, await target.kubectl(['wait', '-n', name, '--for=create', 'serviceaccount/default', '--timeout=30s']));
  }
  must('scenery', await apply(target, list));
  const pods: readonly (readonly [string, string])[] = [
    [scenery.shop, 'deployment/frontend'],
    [scenery.shop, 'pod/backend'],
    [scenery.shop, 'pod/redis'],
    [scenery.tenant, 'pod/web'],
    [scenery.neighbour, 'pod/web'],
    [scenery.loose, 'pod/plain'],
    [scenery.app, 'pod/here'],
    ...(target.name === 'hardened' ? ([[scenery.app, 'pod/elsewhere']] as const) : []),
  ];
  for (const [where, what] of pods) {
    const condition = what.startsWith('deployment') ? 'condition=Available' : 'condition=Ready';
    must(what, await target.kubectl(['wait', '-n', where, `--for=${condition}`, what, '--timeout=90s']));
  }
}

/** Takes the scenery off a cluster again, so that what is observed later is the cluster and not its attackers. */
export async function clearScene(target: Target): Promise<void> {
  const namespaces = [scenery.app, scenery.tenant, scenery.neighbour, scenery.loose];
  const own = ['deployment/frontend', 'pod/backend', 'pod/redis', 'secret/redis'];
  const policies = ['networkpolicy/backend-egress', 'networkpolicy/backend-traffic'];
  const quietly = ['--ignore-not-found', '--timeout=120s'];
  must('namespaces', await target.kubectl(['delete', 'namespace', ...namespaces, ...quietly]));
  must('the shop', await target.kubectl(['delete', '-n', scenery.shop, ...own, ...policies, ...quietly]));
}

const withoutPolicies = (items: ReturnType<typeof objects>) => items.filter(({ kind }) => kind !== 'NetworkPolicy');

const apply = (target: Target, list: object, as: readonly string[] = []) =>
  target.kubectl(['apply', ...as, '-f', '-'], { stdin: JSON.stringify(list) });

/** A token of one of the tenant's service accounts: how a tenant speaks to the API server. */
export async function accountToken(target: Target, account: string, where: string = scenery.tenant): Promise<string> {
  const args = ['-n', where, 'create', 'token', account, '--duration=1h'];
  return must(`token of ${account}`, await target.kubectl(args)).stdout.trim();
}
