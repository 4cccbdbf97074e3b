import type { Machine, Outcome, Target } from './attack';
import { scenery } from './scenery';

/** Runs a shell script in a pod, as `kubectl exec` gives it. */
export const inPod = (target: Target, namespace: string, pod: string, script: string): Promise<Outcome> =>
  target.kubectl(['exec', '-n', namespace, pod, '--', '/bin/sh', '-c', script]);

/** Creates one object and leaves it there. */
export const create = (target: Target, object: object): Promise<Outcome> =>
  target.kubectl(['create', '-f', '-'], { stdin: JSON.stringify(object) });

/** Whether the server would take an object, admission included; nothing is stored. */
export const dryRun = (target: Target, object: object): Promise<Outcome> =>
  target.kubectl(['create', '--dry-run=server', '-f', '-'], { stdin: JSON.stringify(object) });

/** Creates a pod, runs a script in it once it is ready, and deletes it. A refusal is the outcome. */
export async function podThen(
  target: Target,
  pod: { readonly metadata: { readonly name: string; readonly namespace: string } },
  script: string,
): Promise<Outcome> {
  const { name, namespace } = pod.metadata;
  const created = await create(target, pod);
  if (created.code !== 0) return created;
  try {
    const ready = await target.kubectl([
      'wait',
      '-n',
      namespace,
      `pod/${name}`,
      '--for=condition=Ready',
      '--timeout=60s',
    ]);
    return ready.code === 0 ? await inPod(target, namespace, name, script) : ready;
  } finally {
    await target.kubectl(['delete', 'pod', '-n', namespace, name, '--now', '--wait=false']);
  }
}

/** A pod's IP address. */
export async function podAddress(target: Target, namespace: string, pod: string): Promise<string> {
  const found = await target.kubectl(['get', 'pod', '-n', namespace, pod, '-o', 'jsonpath={.status.podIP}']);
  if (!found.stdout) throw new Error(`pod ${namespace}/${pod} has no address: ${found.stderr}`);
  return found.stdout;
}

/** `curl` arguments that print the body, then the status on a line of its own; gives up after three seconds. */
export const curl = (...args: readonly string[]): string[] => [
  'curl',
  '-sS',
  '-k',
  '-m',
  '3',
  '-w',
  '\\nHTTP %{http_code}\\n',
  ...args,
];

/** The same as a shell command for a machine. */
export const curlCommand = (...args: readonly string[]): string =>
  curl(...args)
    .map((arg) => `'${arg.replaceAll("'", "'\\''")}'`)
    .join(' ');

/** Address of the API server, from outside. */
export const apiUrl = (target: Target, path: string): string => `https://${target.controlPlane.address}:6443${path}`;

/** The credential with which a node's kubelet speaks to the API server, stolen by root on that node. */
export async function stolenKubeletCredential(target: Target, machine: Machine = target.victim) {
  const path = '/var/lib/kubelet/pki/kubelet-client-current.pem';
  const { stdout, stderr } = await target.onNode(machine, `cat ${path}`);
  const pem = stdout.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];
  const certificate = pem.find((block) => block.includes('BEGIN CERTIFICATE'));
  const key = pem.find((block) => block.includes('PRIVATE KEY'));
  if (!certificate || !key) throw new Error(`no kubelet credential on ${machine.name}: ${stderr}`);
  return { certificate, key };
}

/** Lets every connection from and to the pods of a namespace pass: network policies add up. */
const openPolicy = (namespace: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'policy-off', namespace },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] },
});

/** Takes the default deny off the shop's namespace. */
export const liftPolicies = {
  async off(target: Target) {
    await create(target, openPolicy(scenery.shop));
  },
  async on(target: Target) {
    await target.kubectl(['delete', 'networkpolicy', '-n', scenery.shop, 'policy-off']);
  },
};

/**
 * Lets a policy that opens everything stand in the place of the cluster-wide default deny, and applies that again as its
 * owner did. Its mere absence would open nothing.
 */
export function liftDefaultDeny() {
  const policy = ['ciliumclusterwidenetworkpolicy', 'bulwark-default-deny'];
  let kept = '';
  return {
    async off(target: Target) {
      const { apiVersion, kind, metadata, spec } = JSON.parse(
        (await target.kubectl(['get', ...policy, '-o', 'json'])).stdout,
      );
      const { name, labels, annotations } = metadata;
      kept = JSON.stringify({ apiVersion, kind, metadata: { name, labels, annotations }, spec });
      await target.kubectl(['delete', ...policy]);
      const open = { endpointSelector: {}, ingress: [{ fromEntities: ['all'] }], egress: [{ toEntities: ['all'] }] };
      await create(target, { apiVersion, kind, metadata: { name }, spec: open });
    },
    async on(target: Target) {
      await target.kubectl(['delete', ...policy]);
      const apply = ['apply', '--server-side', '--field-manager=bulwark', '-f', '-'];
      const applied = await target.kubectl(apply, { stdin: kept });
      if (applied.code !== 0) throw new Error(`the default deny is not back: ${applied.stderr}`);
    },
  };
}

/** Takes our table out of a machine's firewall. */
export const liftFirewall = (machine: (target: Target) => Machine) => ({
  async off(target: Target) {
    await target.onNode(machine(target), 'nft delete table inet bulwark');
  },
  async on(target: Target) {
    await target.onNode(machine(target), 'systemctl restart bulwark-firewall.service');
  },
});
