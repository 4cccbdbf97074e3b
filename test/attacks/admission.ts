import type { Attack, Outcome, Target } from './attack';
import { plainPod, restrictedPod } from './pod-specs';
import { scenery } from './scenery';
import { dryRun } from './steps';

/** The words of a policy's refusal, with the id of the control that it names. */
const denied = (policy: string, control: string): RegExp =>
  new RegExp(`ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: ${control}: `);

const guarded = denied('bulwark-exempt-namespace-guard', 'admission/exempt-namespace-guard');

/** The two kinds of place that an attack is played in: one that Pod Security judges, and one that it does not. */
const places = [
  ['', scenery.app],
  ['/kube-system', 'kube-system'],
] as const;

const rbac = 'rbac.authorization.k8s.io';

const bindings: readonly Attack[] = [
  {
    id: 'A03/default-account',
    title: 'An administrator binds a role to a default service account',
    source: "2018 term paper 'Securing Kubernetes', 5.1-5.2; KubeHound ROLE_BIND",
    run: (target) =>
      target.kubectl(
        'create clusterrolebinding frontend --clusterrole=admin --serviceaccount=default:default --dry-run=server'.split(
          ' ',
        ),
      ),
    refused: denied('bulwark-binding-subjects', 'admission/binding-subjects'),
    succeeds: /clusterrolebinding\.rbac\.authorization\.k8s\.io\/frontend created/,
  },
  ...places.map(
    ([variant, namespace]): Attack => ({
      id: `A03/everybody${variant}`,
      title: `An administrator binds a role of ${namespace} to strangers`,
      source: 'stratus k8s.persistence.create-admin-clusterrole; KubeHound ROLE_BIND',
      run: (target) =>
        dryRun(target, {
          apiVersion: `${rbac}/v1`,
          kind: 'RoleBinding',
          metadata: { name: 'everybody', namespace },
          roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'edit' },
          subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:unauthenticated' }],
        }),
      refused: denied('bulwark-binding-subjects', 'admission/binding-subjects'),
      succeeds: /rolebinding\.rbac\.authorization\.k8s\.io\/everybody created/,
    }),
  ),
];

const tokens: readonly Attack[] = places.map(([variant, namespace]) => ({
  id: `A31/secret${variant}`,
  title: `Keep a token of ${namespace} for ever in a Secret`,
  source: 'stratus k8s.persistence.create-token; KubeHound TOKEN_BRUTEFORCE',
  run: (target) =>
    dryRun(target, {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name: 'eternal', namespace, annotations: { 'kubernetes.io/service-account.name': 'default' } },
    }),
  refused: denied('bulwark-legacy-tokens', 'admission/legacy-tokens'),
  succeeds: /secret\/eternal created/,
}));

/** A pod that passes Pod Security, so that the policy on its image decides. */
const withImage = (namespace: string, image: string) => restrictedPod({ name: 'x', namespace, image });

const images: readonly Attack[] = places.flatMap(([variant, namespace]): readonly Attack[] => [
  {
    id: `A46/registry${variant}`,
    title: `Run an image of a public registry in ${namespace}`,
    source: "Microsoft threat matrix, 'Compromised image in registry'; MS-M9005.003",
    run: (target) => dryRun(target, withImage(namespace, 'docker.io/library/nginx:1.27')),
    refused: variant ? guarded : denied('bulwark-image-registries', 'admission/image-registries'),
    succeeds: /pod\/x created/,
  },
  {
    id: `A46/latest${variant}`,
    title: `Run whatever is called latest in ${namespace}`,
    source: "Microsoft threat matrix, 'Compromised image in registry'",
    run: (target) => dryRun(target, withImage(namespace, target.image.replace(/:[^:/]*$/, ':latest'))),
    refused: variant ? guarded : denied('bulwark-image-pinning', 'admission/image-pinning'),
    succeeds: /pod\/x created/,
  },
]);

const volumes: readonly Attack[] = [
  ['hostPath', { hostPath: { path: '/home' } }, 'is the path /home'],
  [
    'local',
    {
      local: { path: '/root/.ssh' },
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'Exists' }] }] },
      },
    },
    'is /root/\\.ssh of its node',
  ],
].map(
  ([kind, source, words]): Attack => ({
    id: `A08/${kind}`,
    title: `Reach the SSH keys of a node through a PersistentVolume (${kind})`,
    source: "2018 term paper 'Securing Kubernetes', 5.5; KubeHound EXPLOIT_HOST_WRITE",
    run: (target) =>
      dryRun(target, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'keys' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity: { storage: '1Gi' },
          storageClassName: 'keys',
          ...(source as object),
        },
      }),
    refused: new RegExp(`denied request: admission/host-paths: [\\s\\S]*(${words})`),
    succeeds: /persistentvolume\/keys created/,
  }),
);

const homes: readonly Attack[] = places.map(
  ([variant, namespace]): Attack => ({
    id: `A08/pod${variant}`,
    title: `Plant an SSH key of one's own through a pod with the homes of its node, in ${namespace}`,
    source: "2018 term paper 'Securing Kubernetes', 5.5; KubeHound EXPLOIT_HOST_WRITE; T1098.004",
    run: (target) =>
      dryRun(
        target,
        plainPod(
          {
            name: 'planter',
            namespace,
            image: target.image,
            script: 'mkdir -p /home/.ssh && echo "ssh-ed25519 AAAA planted" >> /home/.ssh/authorized_keys',
          },
          {
            pod: { volumes: [{ name: 'home', hostPath: { path: '/root', type: 'Directory' } }] },
            container: { volumeMounts: [{ name: 'home', mountPath: '/home' }] },
          },
        ),
      ),
    refused: variant
      ? guarded
      : /pods "planter" is forbidden: violates PodSecurity "restricted:v1\.36": [\s\S]*restricted volume types \(volume "home" uses restricted volume type "hostPath"\)/,
    succeeds: /pod\/planter created/,
  }),
);

/** Everything that a pod may ask for, from a workload: nothing but its controller would see the refusal. */
const workloads: readonly Attack[] = places.flatMap(([variant, namespace]) =>
  (['DaemonSet', 'CronJob'] as const).map(
    (kind): Attack => ({
      id: `A09/${kind.toLowerCase()}${variant}`,
      title: `badPods: everything-allowed through a ${kind} in ${namespace}`,
      source: 'BishopFox/badPods',
      run: (target) => dryRun(target, badWorkload(kind, namespace, target)),
      refused: variant ? guarded : denied('bulwark-workload-templates', 'admission/workload-templates'),
      succeeds: /\/bad created/,
    }),
  ),
);

function badWorkload(kind: 'DaemonSet' | 'CronJob', namespace: string, { image }: Target): object {
  const labels = { app: 'bad' };
  const { spec } = plainPod(
    { name: 'bad', namespace, image },
    {
      pod: { hostPID: true, volumes: [{ name: 'host', hostPath: { path: '/' } }] },
      container: { securityContext: { privileged: true } },
    },
  );
  const template = { metadata: { labels }, spec };
  const metadata = { name: 'bad', namespace };
  if (kind === 'DaemonSet') {
    return { apiVersion: 'apps/v1', kind, metadata, spec: { selector: { matchLabels: labels }, template } };
  }
  const job = { template: { ...template, spec: { ...spec, restartPolicy: 'Never' } } };
  return { apiVersion: 'batch/v1', kind, metadata, spec: { schedule: '* * * * *', jobTemplate: { spec: job } } };
}

/** Without a workload's taint and the scheduler between them, a pod of anybody runs beside the keys of the cluster. */
const placements: readonly Attack[] = [
  [
    'toleration',
    'tolerating its taint',
    { tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }] },
  ],
  ['every-taint', 'tolerating every taint', { tolerations: [{ operator: 'Exists' }] }],
  ['node-name', 'naming it', {}],
].map(
  ([id, how, changes]): Attack => ({
    id: `S3/${id}`,
    title: `Place a pod on a control plane by ${how}`,
    source: 'Kubernetes security checklist, pod placement; badPods',
    run: (target) => {
      const pod = restrictedPod({ name: 'guest', namespace: scenery.app, image: target.image });
      const named = id === 'node-name' ? { nodeName: target.controlPlane.name } : {};
      return dryRun(target, { ...pod, spec: { ...pod.spec, ...(changes as object), ...named } });
    },
    refused: /denied request: admission\/control-plane-placement: /,
    succeeds: /pod\/guest created/,
  }),
);

/** A debug container that Pod Security has nothing against. */
async function quietDebugger(target: Target, namespace: string, pod: string, container: string): Promise<Outcome> {
  return target.kubectl([
    'debug',
    '-n',
    namespace,
    pod,
    `--image=${target.image}`,
    '--image-pull-policy=IfNotPresent',
    '--profile=restricted',
    `--target=${container}`,
    '--attach=false',
    '-c',
    `quiet-${Date.now()}`,
    '--',
    'sleep',
    '1',
  ]);
}

const debuggers: readonly Attack[] = [
  {
    id: 'A11/restricted',
    title: 'Join a running pod with a debug container that passes Pod Security',
    source: 'kubectl debug --profile=restricted; Microsoft threat matrix, Exec into container',
    run: (target) => quietDebugger(target, scenery.tenant, 'pod/web', 'web'),
    refused: denied('bulwark-debug-containers', 'admission/debug-containers'),
    succeeds: /Targeting container "web"[\s\S]*exit 0$/,
  },
  {
    id: 'A11/kube-system',
    title: 'Join the cluster’s DNS with a debug container',
    source: "Microsoft threat matrix, 'CoreDNS poisoning'",
    async run(target) {
      const found = await target.kubectl(['get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-dns', '-o', 'name']);
      return quietDebugger(target, 'kube-system', found.stdout.trim().split('\n')[0] ?? '', 'coredns');
    },
    refused: guarded,
    succeeds: /Targeting container "coredns"[\s\S]*exit 0$/,
  },
];

const levels: readonly Attack[] = [
  {
    id: 'A06/relabelled',
    title: 'Take the Pod Security level off a namespace',
    source: 'badPods; Kubernetes documentation, Pod Security Admission',
    run: (target) =>
      target.kubectl([
        'label',
        'namespace',
        scenery.app,
        '--overwrite',
        '--dry-run=server',
        'pod-security.kubernetes.io/enforce=privileged',
      ]),
    refused: denied('bulwark-namespace-levels', 'admission/namespace-levels'),
    succeeds: /namespace\/app labeled/,
  },
];

/** Attacks that no right and no level of Pod Security stops: an administrator, or a pod that looks harmless. */
export const admissionAttacks: readonly Attack[] = [
  ...bindings,
  ...tokens,
  ...images,
  ...volumes,
  ...homes,
  ...workloads,
  ...placements,
  ...debuggers,
  ...levels,
];
