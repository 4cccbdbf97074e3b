import { imagesOf } from '../../lib/release';
import type { NodeSpec } from '../../lib/spec/cluster-spec';
import { metricsFile, verificationTimer } from '../../lib/verification/schedule';
import { taintsOf } from '../documents/shared';
import { paths } from '../paths';
import { slotsOf } from '../render/slot';
import { generateFiles } from './generators';
import { forRole, type NodeFile, type Planning } from './planning';

/** Mode and owner of a path. */
export interface Ownership {
  readonly path: string;
  /** Four octal digits. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** A systemd unit that runs on the node. */
export interface UnitPlan {
  readonly name: string;
  readonly enabled: boolean;
  /** Left out where somebody else starts the unit: kubeadm starts the kubelet. */
  readonly state?: 'started';
}

/** Everything that is laid down and run on one node: `host.yaml`. */
export interface HostPlan {
  readonly node: {
    readonly name: string;
    readonly role: NodeSpec['role'];
    readonly address: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly files: readonly (Ownership & {
    readonly slots: readonly string[];
    readonly restarts: readonly string[];
    readonly controls: readonly string[];
  })[];
  readonly directories: readonly Ownership[];
  readonly modes: readonly Ownership[];
  readonly users: readonly {
    readonly name: string;
    readonly system: true;
    readonly home: string;
    readonly shell: string;
  }[];
  readonly packages: readonly string[];
  readonly modules: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  /** There where the node may have swap. */
  readonly swap?: true;
  readonly units: readonly UnitPlan[];
  readonly images: readonly string[];
  readonly binaries: readonly string[];
  /** Files that services of ours write. They go when the bundle stops naming them. */
  readonly written: readonly string[];
}

/** A node's plan with the content of its files. */
export interface PlannedNode {
  readonly plan: HostPlan;
  readonly files: readonly NodeFile[];
}

const root = { owner: 'root', group: 'root' } as const;
const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : 1);

/** Plans one node. Pure: equal planning gives equal plans. */
export function planNode(planning: Planning, node: NodeSpec): PlannedNode {
  const { cluster, settings } = planning;
  const files = generateFiles(planning, node);
  const users = forRole(settings.of('system-user'), node.role).map(({ setting }) => setting);
  const modes = forRole(settings.of('file-mode'), node.role).map(({ setting }) => setting);
  return {
    files,
    plan: {
      node: {
        name: node.name,
        role: node.role,
        address: node.address,
        labels: node.labels,
        taints: taintsOf(node),
      },
      files: files.map(({ path, mode, content, restarts, origins }) => ({
        path,
        mode,
        ...root,
        slots: slotsOf(content),
        restarts,
        controls: origins,
      })),
      directories: directories(planning, node, files),
      modes: modes.map(({ path, mode, owner, group }) => ({ path, mode, owner, group })).sort(byPath),
      users: users.map(({ name, home }) => ({ name, system: true, home, shell: '/usr/sbin/nologin' })),
      packages: packages(planning, node, files),
      modules: settings
        .of('kernel-module')
        .filter(({ setting }) => setting.state === 'loaded')
        .map(({ setting }) => setting.name)
        .sort(),
      sysctls: Object.fromEntries(
        settings
          .of('sysctl')
          .map(({ setting: { name, value } }) => [name, value] as const)
          .sort(),
      ),
      ...(mayHaveSwap(settings) && { swap: true as const }),
      units: units(files, planning, node),
      images: images(planning, node),
      binaries: binaries(node),
      written: verifies(files) && cluster.spec.verification ? [metricsFile(cluster.spec.verification)] : [],
    },
  };
}

const mayHaveSwap = (settings: Planning['settings']): boolean =>
  settings.of('kubelet-field').some(({ setting }) => setting.path === 'failSwapOn' && setting.value === false);

/** Directories that Debian has anyway: their mode is not ours. */
const stockDirectories = new Set([
  '/',
  '/etc',
  '/etc/kubernetes',
  '/etc/modprobe.d',
  '/etc/modules-load.d',
  '/etc/sysctl.d',
  '/etc/systemd',
  '/etc/systemd/system',
  '/usr',
  '/usr/local',
  '/usr/local/lib',
]);

const parent = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';

function ancestors(path: string): readonly string[] {
  const above = parent(path);
  return above === path ? [] : [...ancestors(above), above];
}

function directories({ settings }: Planning, node: NodeSpec, files: readonly NodeFile[]): readonly Ownership[] {
  const made = new Map<string, Ownership>();
  const add = (path: string) => made.set(path, { path, mode: path.startsWith(paths.root) ? '0700' : '0755', ...root });
  for (const path of files.flatMap((file) => ancestors(file.path))) if (!stockDirectories.has(path)) add(path);
  // kubeadm refuses a patches directory that does not exist.
  add(paths.patches);
  for (const { setting } of forRole(settings.of('directory'), node.role)) {
    const { path, mode, owner, group } = setting;
    for (const above of ancestors(path)) if (above.startsWith('/etc/kubernetes/')) made.has(above) || add(above);
    made.set(path, { path, mode, owner, group });
  }
  return [...made.values()].sort(byPath);
}

/** Debian packages: what kubeadm's preflight and the kubelet call, and what the node's own services need. */
function packages({ cluster, settings }: Planning, node: NodeSpec, files: readonly NodeFile[]): readonly string[] {
  const wanted = ['ca-certificates', 'conntrack', 'iproute2', 'kmod', 'libseccomp2', 'mount', 'procps', 'util-linux'];
  const has = (path: string) => files.some((file) => file.path === path);
  if (cluster.keepsKubeProxy) wanted.push('iptables');
  if (has(paths.firewall)) wanted.push('nftables');
  if (has(paths.approverNodes)) wanted.push('python3-cryptography');
  if (keepsTime(settings, node)) wanted.push('systemd-timesyncd');
  if (verifies(files)) wanted.push('dbus', 'nodejs', 'openssl', 'python3');
  return wanted.sort();
}

function keepsTime(settings: Planning['settings'], node: NodeSpec): boolean {
  return forRole(settings.of('node-service'), node.role).some(({ setting }) => setting.service === 'time-sync');
}

const verifies = (files: readonly NodeFile[]): boolean =>
  files.some(({ path }) => path === `/etc/systemd/system/${verificationTimer}`);

function units(files: readonly NodeFile[], { settings }: Planning, node: NodeSpec): readonly UnitPlan[] {
  const has = (name: string) => files.some(({ path }) => path === `/etc/systemd/system/${name}`);
  const started = (name: string): UnitPlan => ({ name, enabled: true, state: 'started' });
  return [
    ...(has('bulwark-firewall.service') ? [started('bulwark-firewall.service')] : []),
    ...(keepsTime(settings, node) ? [started('systemd-timesyncd.service')] : []),
    started('containerd.service'),
    { name: 'kubelet.service', enabled: true },
    ...(has('bulwark-csr-approver.service') ? [started('bulwark-csr-approver.service')] : []),
    ...(verifies(files) ? [started(verificationTimer)] : []),
  ];
}

function images({ cluster }: Planning, node: NodeSpec): readonly string[] {
  const all = imagesOf(cluster.release);
  const wanted = [all.pause, all.coredns];
  if (node.role === 'control-plane') {
    wanted.push(all.kubeApiserver, all.kubeControllerManager, all.kubeScheduler, all.etcd);
  }
  if (cluster.keepsKubeProxy) wanted.push(all.kubeProxy);
  if (cluster.spec.cni.name === 'cilium') wanted.push(all.ciliumAgent, all.ciliumOperator);
  return wanted.sort();
}

function binaries(node: NodeSpec): readonly string[] {
  const everywhere = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'kubeadm', 'kubelet', 'loopback', 'runc'];
  return node.role === 'control-plane' ? [...everywhere, 'etcdctl', 'kubectl'].sort() : everywhere;
}
