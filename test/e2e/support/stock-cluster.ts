import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { ArtifactIndex } from '../../../apply/artifacts';
import type { LabMachines } from '../../../lab';
import { sshRoot } from './lab-target';
import { eventually, must } from './shell';

/** Where a lab machine finds the artifacts. */
const onNode = '/var/cache/bulwark/artifacts';

/** kubelet.service and its drop-in as the Kubernetes packages ship them (kubernetes/release, `cmd/krel/templates`). */
const upstreamUnits = {
  '/usr/lib/systemd/system/kubelet.service': `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`,
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`,
  // containerd/containerd, containerd.service
  '/usr/lib/systemd/system/containerd.service': `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target dbus.service

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd
Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
`,
};

/** What a container forces, and nothing else: cgroup v1, a shared disk, a host with swap, no right to lower oom scores. */
export const stockKubeadmConfig = (
  address: string,
  name: string,
  version: string,
  podCidr: string,
) => `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: ${address}}
nodeRegistration:
  name: ${name}
  ignorePreflightErrors: [Swap, SystemVerification, FileContent--proc-sys-net-bridge-bridge-nf-call-iptables]
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v${version}
networking: {podSubnet: ${podCidr}}
proxy: {disabled: true}
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
failSwapOn: false
evictionHard: {memory.available: 100Mi, nodefs.available: 1Gi, imagefs.available: 1Gi}
`;

/** Options of the stock cluster. */
export interface StockClusterOptions {
  /** One lab machine, with the artifact directory mounted. */
  readonly machines: LabMachines;
  /** The operator's artifact directory. */
  readonly artifacts: { readonly directory: string; readonly index: ArtifactIndex };
  /** Cilium's objects, as the product synthesizes them for a cluster of one node, without any policy. */
  readonly network: readonly string[];
  readonly podCidr: string;
  /** Where the administrator's kubeconfig goes. */
  readonly kubeconfig: string;
}

/**
 * Starts a cluster of one node the way kubeadm's documentation does it: same programs, kubeadm's defaults, nothing
 * hardened. It is the positive control of attacks and the counterpart of the recordings.
 *
 * @returns seconds that `kubeadm init` took
 */
export async function startStockCluster(options: StockClusterOptions): Promise<number> {
  const { machines, artifacts, network, podCidr, kubeconfig } = options;
  const [machine] = machines.nodes;
  if (!machine) throw new Error('a stock cluster needs one lab machine');
  const root = (script: string, stdin?: string) => must(sshRoot(machines, machine, script), { stdin, timeout: 300 });

  await root(installScript(artifacts.index));
  const config = stockKubeadmConfig(machine.address, machine.name, artifacts.index.release, podCidr);
  const start = Date.now();
  await root('umask 022; cat > /root/kubeadm.yaml; kubeadm init --config /root/kubeadm.yaml', config);
  const seconds = (Date.now() - start) / 1000;

  const kubectl = 'kubectl --kubeconfig=/etc/kubernetes/admin.conf';
  await root(`${kubectl} taint node ${machine.name} node-role.kubernetes.io/control-plane-`);
  // Once for the kinds that every server knows, again until the kinds that Cilium's operator brings are known too.
  const objects = withoutPolicies(network);
  await eventually('Cilium objects applied', 120, async () => {
    await root(`${kubectl} apply --server-side --force-conflicts -f - >/dev/null 2>&1 || true`, objects);
    return (
      (await root(`${kubectl} apply --server-side --force-conflicts -f - >/dev/null && echo ok || true`, objects)) ===
      'ok\n'
    );
  });
  await root(`${kubectl} wait node --all --for=condition=Ready --timeout=180s`);
  await root(`${kubectl} -n kube-system rollout status deployment/coredns --timeout=120s`);
  await writeFile(kubeconfig, await root('cat /etc/kubernetes/admin.conf'), { mode: 0o600 });
  return seconds;
}

/** Installs programs, units and images by hand, as a page of documentation would have it. */
function installScript(index: ArtifactIndex): string {
  const programs = index.artifacts
    .filter((artifact) => artifact.kind === 'binary')
    .map(({ file, install }) => `install -D -m 0755 ${onNode}/${file} ${install}`);
  const units = Object.entries(upstreamUnits).map(
    ([path, text]) => `mkdir -p "$(dirname ${path})"; cat > ${path} <<'END'\n${text}END`,
  );
  const images = index.artifacts.filter((artifact) => artifact.kind === 'image' && artifact.group !== 'kube-proxy');
  return [
    'set -e',
    ...programs,
    ...units,
    'mkdir -p /etc/containerd',
    // The default configuration; kubeadm's documentation asks for the systemd cgroup driver, the container for the rest.
    'containerd config default | sed -e "s/SystemdCgroup = false/SystemdCgroup = true/" \\',
    '  -e "s/restrict_oom_score_adj = false/restrict_oom_score_adj = true/" > /etc/containerd/config.toml',
    'sysctl -qw net.ipv4.ip_forward=1',
    'systemctl daemon-reload',
    'systemctl enable --now containerd kubelet 2>/dev/null',
    ...images.map(
      ({ file }) => `ctr -n k8s.io images import --label io.cri-containerd.pinned=pinned ${onNode}/${file} >/dev/null`,
    ),
  ].join('\n');
}

/**
 * Cilium itself and its rights, and no policy, in the mode that is Cilium's own default: what is open must be seen to be
 * open.
 */
function withoutPolicies(manifests: readonly string[]): string {
  const wanted = manifests
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()))
    .filter((object) => object && belongsToCilium(object))
    .map((object) =>
      object.metadata.name === 'cilium-config'
        ? { ...object, data: { ...object.data, 'enable-policy': 'default' } }
        : object,
    );
  return wanted.map((object) => stringify(object)).join('---\n');
}

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const belongsToCilium = ({ kind, metadata }: KubernetesObject): boolean =>
  metadata.name.startsWith('cilium') && !/Policy(Binding)?$/.test(kind);

/** Reads the index of an artifact directory. */
export async function readArtifacts(directory: string): Promise<{ directory: string; index: ArtifactIndex }> {
  return { directory, index: JSON.parse(await readFile(join(directory, 'index.json'), 'utf8')) };
}
