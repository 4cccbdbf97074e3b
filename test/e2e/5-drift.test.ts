import type { Machine } from '../attacks/attack';
import { bulwark, jsonOf } from './support/bulwark';
import { hardenedTarget, labs, specOf, type UpResult, unproven, verify } from './support/cluster';
import type { LabTarget } from './support/lab-target';
import { timed } from './support/timing';

/** Something that somebody changes by hand on a living cluster. */
interface Breach {
  readonly what: string;
  /** The control that must name it. */
  readonly control: string;
  readonly where: (target: LabTarget) => Machine;
  /** Shell script, run as root there. */
  readonly script?: string;
  /** kubectl arguments, and standard input, run as administrator. */
  readonly kubectl?: { readonly args: readonly string[]; readonly stdin?: string };
}

const controlPlane = (target: LabTarget) => target.controlPlane;
const worker = (target: LabTarget) => target.victim;

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

const breaches: readonly Breach[] = [
  {
    what: 'argument of a static pod',
    control: 'kube-scheduler/profiling',
    where: controlPlane,
    script: 'sed -i s/--profiling=false/--profiling=true/ /etc/kubernetes/manifests/kube-scheduler.yaml',
  },
  {
    what: 'mode of a key',
    control: 'pki/private-keys',
    where: controlPlane,
    script: 'chmod 0644 /etc/kubernetes/pki/apiserver.key',
  },
  {
    what: 'owner of a manifest',
    control: 'node/static-pod-manifests',
    where: controlPlane,
    script: 'chown ops /etc/kubernetes/manifests/etcd.yaml',
  },
  {
    what: 'kernel parameter',
    control: 'node/network-parameters',
    where: worker,
    script: 'sysctl -qw net.ipv4.conf.all.send_redirects=1',
  },
  {
    what: 'firewall table',
    control: 'network/kubelet-firewall',
    where: worker,
    script: 'nft delete table inet bulwark',
  },
  {
    what: 'object of the cluster',
    control: 'network/default-deny',
    where: controlPlane,
    kubectl: { args: ['delete', 'ciliumclusterwidenetworkpolicies', '--all'] },
  },
  {
    what: 'file with a credential',
    control: 'access/admin-credentials',
    where: controlPlane,
    script: 'cp /etc/kubernetes/controller-manager.conf /etc/kubernetes/admin.conf',
  },
  {
    what: 'stopped unit',
    control: 'kubelet/certificate-approver',
    where: controlPlane,
    script: 'systemctl stop bulwark-csr-approver.service',
  },
  {
    what: 'field of the kubelet',
    control: 'kubelet/pod-pids-limit',
    where: worker,
    script: 'sed -i "s/^podPidsLimit:.*/podPidsLimit: -1/" /var/lib/kubelet/config.yaml && systemctl restart kubelet',
  },
  {
    what: 'token that stayed',
    control: 'access/bootstrap-tokens',
    where: controlPlane,
    kubectl: { args: ['create', '-f', '-'], stdin: JSON.stringify(leftoverToken) },
  },
];

describe('ten controls broken by hand', () => {
  let target: LabTarget;
  let named: ReadonlySet<string>;

  beforeAll(async () => {
    target = await hardenedTarget();
    for (const { what, where, script, kubectl } of breaches) {
      const outcome = script
        ? await target.onNode(where(target), script)
        : await target.kubectl(kubectl?.args ?? [], { stdin: kubectl?.stdin });
      if (outcome.code !== 0) throw new Error(`${what}: ${outcome.stderr}`);
    }
    // Static pods and the kubelet take their changes up within seconds.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    const evidence = await timed('bulwark verify', () => verify(labs.hardened));
    named = new Set(evidence.rows.filter(({ verdict }) => verdict === 'fail').map(({ control }) => control));
  });
  afterAll(() => target?.close());

  test.each(breaches)('$what: verify names $control', ({ control }) => {
    expect([...named]).toContain(control);
  });

  test('up repairs them all, and then has nothing to do', async () => {
    const again = () => bulwark(['up', specOf(labs.hardened), '--yes', '--no-preview', '--json']);
    const repaired = jsonOf<UpResult>(await timed('bulwark up, repairing', again));
    expect(unproven(repaired.evidence)).toEqual([]);
    const next = jsonOf<UpResult>(await timed('bulwark up, once more', again));
    expect(next.nodes.flatMap(({ changes }) => changes)).toEqual([]);
  });
});
