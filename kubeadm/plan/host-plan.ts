import { imagesOf } from '../../lib/release';
import type { NodeSpec } from '../../lib/spec/cluster-spec';
import { metricsFile, verificationTimer } from '../../lib/verification/schedule';
import { taintsOf } from '../documents/shared';
import { paths } from '../paths';
import { slotsOf } from '../render/slot';
import { type BoardPlan, boardPlan } from './board-plan';
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

/** The controls that ask for something, `spec:<path>` or `base`. */
interface Shaped {
  readonly controls: readonly string[];
}

/** A systemd unit that runs on the node. */
export interface UnitPlan extends Shaped {
  readonly name: string;
  readonly enabled: boolean;
  /** Left out where somebody else starts the unit: kubeadm starts the kubelet. */
  readonly state?: 'started';
}

/** A directory that is made before the files. */
export interface DirectoryPlan extends Ownership, Shaped {
  /** There where nothing but files of the bundle may lie. */
  readonly exclusive?: true;
}

/** Everything that is laid down and run on one node: `host.yaml`. */
export interface HostPlan {
  readonly node: {
    readonly name: string;
    readonly role: NodeSpec['role'] | 'gateway';
    readonly address: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly files: readonly (Ownership &
    Shaped & { readonly slots: readonly string[]; readonly restarts: readonly string[] })[];
  readonly directories: readonly DirectoryPlan[];
  readonly modes: readonly (Ownership & Shaped)[];
  /** Files that must not be there once the node is part of the cluster. */
  readonly absent: readonly (Shaped & { readonly path: string })[];
  readonly users: readonly {
    readonly name: string;
    readonly system: true;
    readonly home: string;
    readonly shell: string;
  }[];
  readonly packages: readonly string[];
  readonly modules: readonly string[];
  readonly sysctls: readonly (Shaped & { readonly name: string; readonly value: string })[];
  /** There where the node may have swap. */
  readonly swap?: true;
  /** Of a gateway, with the addresses that they must have. */
  readonly interfaces?: readonly { readonly interface: string; readonly address: string }[];
  /** Of a gateway: who must answer behind it before anything is asked of them. */
  readonly behind?: readonly {
    readonly name: string;
    readonly address: string;
    readonly port: number;
    readonly macAddress: string;
  }[];
  /** There where the node is a board. */
  readonly board?: BoardPlan;
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
  const board = boardPlan(planning, node);
  const users = forRole(settings.of('system-user'), node.role).map(({ setting }) => setting);
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
      modes: forRole(settings.of('file-mode'), node.role)
        .map(({ setting: { path, mode, owner, group }, origins }) => ({ path, mode, owner, group, controls: origins }))
        .sort(byPath),
      absent: forRole(settings.of('absent-file'), node.role)
        .map(({ setting: { path }, origins }) => ({ path, controls: origins }))
        .sort(byPath),
      users: users.map(({ name, home }) => ({ name, system: true, home, shell: '/usr/sbin/nologin' })),
      packages: packages(planning, node, files),
      modules: settings
        .of('kernel-module')
        .filter(({ setting }) => setting.state === 'loaded')
        .map(({ setting }) => setting.name)
        .sort(),
      sysctls: settings
        .of('sysctl')
        .map(({ setting: { name, value }, origins }) => ({ name, value, controls: origins }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ...(mayHaveSwap(settings) && { swap: true as const }),
      ...(board && { board }),
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

/** A further file in one of these would change what kubeadm renders, or how the kubelet starts. */
const exclusive: readonly string[] = [paths.kubeadm, paths.patches, paths.kubeletDropIns];

function directories({ settings }: Planning, node: NodeSpec, files: readonly NodeFile[]): readonly DirectoryPlan[] {
  const made = new Map<string, DirectoryPlan>();
  const add = (path: string) =>
    made.set(path, {
      path,
      mode: path.startsWith(paths.root) ? '0700' : '0755',
      ...root,
      controls: ['base'],
      ...(exclusive.includes(path) && { exclusive: true as const }),
    });
  for (const path of files.flatMap((file) => ancestors(file.path))) if (!stockDirectories.has(path)) add(path);
  // kubeadm refuses a patches directory that does not exist.
  add(paths.patches);
  for (const { setting, origins } of forRole(settings.of('directory'), node.role)) {
    const { path, mode, owner, group } = setting;
    for (const above of ancestors(path)) if (above.startsWith('/etc/kubernetes/')) made.has(above) || add(above);
    made.set(path, { path, mode, owner, group, controls: origins });
  }
  return [...made.values()].sort(byPath);
}

/** Debian packages: what kubeadm's preflight and the kubelet call, and what the node's own services need. */
function packages(planning: Planning, node: NodeSpec, files: readonly NodeFile[]): readonly string[] {
  const { cluster, settings } = planning;
  const wanted = ['ca-certificates', 'conntrack', 'iproute2', 'kmod', 'libseccomp2', 'mount', 'procps', 'util-linux'];
  const has = (path: string) => files.some((file) => file.path === path);
  if (cluster.keepsKubeProxy) wanted.push('iptables');
  if (has(paths.firewall)) wanted.push('nftables');
  if (has(paths.approverNodes)) wanted.push('python3-cryptography');
  if (keepsTime(settings, node)) wanted.push('systemd-timesyncd');
  const board = boardPlan(planning, node);
  if (board) wanted.push('apparmor');
  if (board?.disk) wanted.push('fio');
  if (verifies(files)) wanted.push('dbus', 'nodejs', 'openssl', 'python3');
  return wanted.sort();
}

function keepsTime(settings: Planning['settings'], node: NodeSpec): boolean {
  return forRole(settings.of('node-service'), node.role).some(({ setting }) => setting.service === 'time-sync');
}

const verifies = (files: readonly NodeFile[]): boolean =>
  files.some(({ path }) => path === `/etc/systemd/system/${verificationTimer}`);

/** Reached at boot when the clock is synchronised; what is ordered behind it waits. Boards only: others have a battery. */
function timeGate({ settings }: Planning, node: NodeSpec): readonly UnitPlan[] {
  if (!node.platform) return [];
  return settings
    .of('node-service')
    .filter(({ setting }) => setting.service === 'time-gate')
    .map(({ origins }) => ({ name: 'systemd-time-wait-sync.service', enabled: true, controls: origins }));
}

function units(files: readonly NodeFile[], planning: Planning, node: NodeSpec): readonly UnitPlan[] {
  const { settings } = planning;
  const started = (name: string, controls: readonly string[]): UnitPlan => ({
    name,
    enabled: true,
    state: 'started',
    controls,
  });
  /** One that the tree brings. */
  const own = (name: string): readonly UnitPlan[] =>
    files.filter(({ path }) => path === `/etc/systemd/system/${name}`).map(({ origins }) => started(name, origins));
  const time = forRole(settings.of('node-service'), node.role).find(({ setting }) => setting.service === 'time-sync');
  return [
    ...own('bulwark-firewall.service'),
    ...(time ? [started('systemd-timesyncd.service', time.origins)] : []),
    ...timeGate(planning, node),
    ...own('containerd.service'),
    { name: 'kubelet.service', enabled: true, controls: ['base'] },
    ...own('bulwark-csr-approver.service'),
    ...own(verificationTimer),
  ];
}

function images({ cluster }: Planning, node: NodeSpec): readonly string[] {
  const all = imagesOf(cluster.release);
  const wanted = [all.pause, all.coredns];
  if (node.role === 'control-plane') {
    wanted.push(all.kubeApiserver, all.kubeControllerManager, all.kubeScheduler, all.etcd);
    if (cluster.spec.metricsServer) wanted.push(all.metricsServer);
  }
  if (cluster.keepsKubeProxy) wanted.push(all.kubeProxy);
  if (cluster.spec.cni.name === 'cilium') wanted.push(all.ciliumAgent, all.ciliumOperator);
  return wanted.sort();
}

function binaries(node: NodeSpec): readonly string[] {
  const everywhere = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'kubeadm', 'kubelet', 'loopback', 'runc'];
  return node.role === 'control-plane' ? [...everywhere, 'etcdctl', 'kubectl'].sort() : everywhere;
}
