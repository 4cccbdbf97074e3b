import { type Attack, joined, said, type Target, textOf } from './attack';
import { plainPod } from './pod-specs';
import { scenery } from './scenery';
import { create, dryRun, inPod, podThen } from './steps';

const pssVersion = 'v1\\.36';
const violates = (pod: string) => `pods "${pod}" is forbidden: violates PodSecurity "restricted:${pssVersion}": `;

const rootVolume = { volumes: [{ name: 'host', hostPath: { path: '/' } }] };
const privileged = { securityContext: { privileged: true } };

/** The eight manifests of BishopFox/badPods: what each adds to a plain pod, and the words of its refusal. */
const badPods = [
  [
    'everything-allowed',
    { pod: { hostPID: true, hostIPC: true, hostNetwork: true, ...rootVolume }, container: privileged },
    'host namespaces \\(hostNetwork=true, hostPID=true, hostIPC=true\\), privileged',
  ],
  [
    'priv-and-hostpid',
    { pod: { hostPID: true }, container: privileged },
    'host namespaces \\(hostPID=true\\), privileged',
  ],
  [
    'priv',
    { container: privileged },
    'privileged \\(container "bad" must not set securityContext\\.privileged=true\\)',
  ],
  [
    'hostpath',
    { pod: rootVolume },
    'hostPath volumes|restricted volume types \\(volume "host" uses restricted volume type "hostPath"\\)',
  ],
  ['hostpid', { pod: { hostPID: true } }, 'host namespaces \\(hostPID=true\\)'],
  ['hostnetwork', { pod: { hostNetwork: true } }, 'host namespaces \\(hostNetwork=true\\)'],
  ['hostipc', { pod: { hostIPC: true } }, 'host namespaces \\(hostIPC=true\\)'],
  ['nothing-allowed', {}, 'runAsNonRoot != true[\\s\\S]*seccompProfile'],
] as const;

const badPodAttacks: readonly Attack[] = badPods.map(([name, extra, words]) => ({
  id: `A09/${name}`,
  title: `badPods: ${name}`,
  source: 'BishopFox/badPods',
  run: (target) => dryRun(target, plainPod({ name: 'bad', namespace: scenery.app, image: target.image }, extra)),
  refused: new RegExp(`${violates('bad')}[\\s\\S]*(${words})`),
  succeeds: /pod\/bad created/,
}));

/** Stock takes the Deployment, and its pods as well. */
const badDeployment: Attack = {
  id: 'A09/deployment',
  title: 'badPods: everything-allowed through a Deployment',
  source: 'BishopFox/badPods',
  async run(target) {
    const { metadata, spec } = plainPod({ name: 'bad', namespace: scenery.app, image: target.image }, badPods[0][1]);
    const labels = { app: 'bad' };
    const made = await create(target, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...spec, hostNetwork: undefined } },
      },
    });
    const condition = '{.status.conditions[*].reason} {.status.conditions[*].message} ready={.status.readyReplicas}';
    if (made.code !== 0) return made;
    let seen = made;
    for (let second = 0; second < 30 && !/ready=1/.test(seen.stdout); second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      seen = await target.kubectl(['get', 'deployment', '-n', scenery.app, 'bad', '-o', `jsonpath=${condition}`]);
    }
    await target.kubectl(['delete', 'deployment', '-n', scenery.app, 'bad', '--wait=false']);
    return seen;
  },
  refused: /denied request: admission\/workload-templates: the pods of Deployment "bad" would be refused/,
  succeeds: /ready=1/,
};

const debugged: readonly Attack[] = [
  {
    id: 'A11',
    title: 'Privileged ephemeral container in a running pod',
    source: 'kubectl debug --profile=sysadmin',
    run: (target) =>
      target.kubectl([
        'debug',
        '-n',
        scenery.tenant,
        'pod/web',
        `--image=${target.image}`,
        '--image-pull-policy=IfNotPresent',
        '--profile=sysadmin',
        '--target=web',
        '--attach=false',
        '-c',
        `debugger-${Date.now()}`,
        '--',
        'sleep',
        '1',
      ]),
    refused: new RegExp(`${violates('web')}privileged \\(container "debugger-`),
    succeeds: /Targeting container "web"[\s\S]*exit 0$/,
  },
  {
    id: 'A12',
    title: 'Node debug pod with the namespaces and root of the host',
    source: 'kubectl debug node; peirates hostpid-breakout',
    async run(target) {
      const made = await target.kubectl([
        'debug',
        '-n',
        scenery.app,
        `node/${target.victim.name}`,
        `--image=${target.image}`,
        '--image-pull-policy=IfNotPresent',
        '--profile=sysadmin',
        '--attach=false',
        '--',
        'sleep',
        '1',
      ]);
      const pod = /node-debugger-\S+/.exec(made.stdout)?.[0];
      if (made.code === 0 && pod)
        await target.kubectl(['delete', 'pod', '-n', scenery.app, pod, '--now', '--wait=false']);
      return made;
    },
    refused:
      /violates PodSecurity "restricted:v1\.36": host namespaces \(hostNetwork=true, hostPID=true(, hostIPC=true)?\)[\s\S]*hostPath/,
    succeeds: /Creating debugging pod node-debugger-\S+ with container debugger on node[\s\S]*exit 0$/,
  },
];

/** A plain pod where `restricted` rules, then the same try from a pod that `restricted` lets in. */
async function plainThenRestricted(target: Target, script: string) {
  const on = { namespace: scenery.tenant, image: target.image, node: target.victim.name };
  const plain = await podThen(target, plainPod({ name: 'try', ...on }), script);
  const careful = await inPod(target, scenery.tenant, 'web', script);
  return said(`plain: ${textOf(plain)}\nrestricted: ${textOf(careful)}`, careful.code);
}

const mounted = (path: string) => ({
  pod: { volumes: [{ name: 'host', hostPath: { path } }] },
  container: { volumeMounts: [{ name: 'host', mountPath: '/host' }] },
});

const syscalls: readonly Attack[] = [
  {
    id: 'A39',
    title: 'Forge ARP packets from a pod',
    source: "Microsoft threat matrix, 'ARP poisoning'; kube-hunter PodCapabilitiesHunter",
    run: (target) => plainThenRestricted(target, 'busybox arping -c 1 -w 1 -I eth0 169.254.1.1; echo arping ended $?'),
    refused: new RegExp(
      `plain: [\\s\\S]*${violates('try')}[\\s\\S]*restricted: [\\s\\S]*arping: socket.*: Operation not permitted`,
    ),
    succeeds: /plain: ARPING[\s\S]*Sent 1 probe/,
  },
  {
    id: 'A40',
    title: 'Open a user namespace from a pod that names no seccomp profile',
    source: 'CVE-2022-0185; kubespray kubelet_seccomp_default',
    run: (target) =>
      inPod(target, scenery.loose, 'plain', 'busybox grep Seccomp: /proc/self/status; busybox unshare -U -r /bin/id'),
    refused: /Seccomp:\s+2[\s\S]*unshare: unshare\(0x10000000\): Operation not permitted/,
    succeeds: /uid=0[\s\S]*exit 0$/,
  },
  {
    id: 'A41',
    title: "Rewrite the host's core_pattern through a mount of /proc/sys/kernel",
    source: 'KubeHound CE_UMH_CORE_PATTERN; peirates hostproc-core-pattern-breakout',
    run(target) {
      const pod = { name: 'core', namespace: scenery.app, image: target.image, node: target.victim.name };
      // The value that is there is written back: the write is real, the host stays as it was.
      const rewrite =
        'v="$(cat /host/core_pattern)"; printf %s "$v" > /host/core_pattern && echo core_pattern rewritten';
      return podThen(target, plainPod(pod, mounted('/proc/sys/kernel')), rewrite);
    },
    refused: new RegExp(`${violates('core')}[\\s\\S]*hostPath`),
    succeeds: /core_pattern rewritten/,
  },
  {
    id: 'A42',
    title: "Read a node's files through a symlink in /var/log and the kubelet's log endpoint",
    source: 'KubeHound CE_VAR_LOG_SYMLINK; kube-hunter ProveVarLogMount',
    async run(target) {
      const pod = { name: 'logs', namespace: scenery.app, image: target.image, node: target.victim.name };
      const planted = await podThen(
        target,
        plainPod(pod, mounted('/var/log')),
        'ln -sfn / /host/root_link && echo planted',
      );
      // Whoever finds another way to plant the link must not get further either.
      await target.onNode(target.victim, 'ln -sfn / /var/log/root_link');
      const path = `/api/v1/nodes/${target.victim.name}/proxy/logs/root_link/etc/shadow`;
      const read = await target.kubectl(['get', '--raw', path]);
      await target.onNode(target.victim, 'rm -f /var/log/root_link');
      return joined(planted, { ...read, stdout: read.stdout.replace(/^([\w-]+):.*$/gm, '$1:…') });
    },
    refused: new RegExp(
      `${violates('logs')}[\\s\\S]*hostPath[\\s\\S]*(MethodNotAllowed|could not find the requested resource|Forbidden|404)`,
    ),
    succeeds: /planted[\s\S]*^root:…$/m,
  },
  {
    id: 'A44',
    title: 'gitRepo volume, which ran hooks of a stranger on the node',
    source: 'CVE-2024-10220; CVE-2025-1767',
    run(target) {
      const volumes = [{ name: 'g', gitRepo: { repository: 'https://git.example/x.git' } }];
      return dryRun(
        target,
        plainPod({ name: 'git', namespace: scenery.app, image: target.image }, { pod: { volumes } }),
      );
    },
    refused: new RegExp(
      `${violates('git')}[\\s\\S]*restricted volume types \\(volume "g" uses restricted volume type "gitRepo"\\)`,
    ),
    succeeds: /pod\/git created/,
  },
  {
    id: 'A45',
    title: 'Fork until the node has no process left',
    source: "Microsoft threat matrix, 'Resource hijacking'; kubernetes-goat scenario 13",
    run(target) {
      const pod = { name: 'fork', namespace: scenery.loose, image: target.image, node: target.victim.name };
      // More than any sensible limit, few enough for the machine that the tests run on.
      const forks = `i=0; while [ $i -lt 4500 ]; do sleep 60 >/dev/null 2>&1 & i=$((i+1)); done; echo "$i processes"`;
      return podThen(target, plainPod(pod), forks);
    },
    refused: /can't fork: Resource temporarily unavailable/,
    succeeds: /4500 processes/,
  },
];

/** Attacks with pods that ask for more than a workload needs. */
export const podAttacks: readonly Attack[] = [...badPodAttacks, badDeployment, ...debugged, ...syscalls];
