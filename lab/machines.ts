import { existsSync, readFileSync } from 'node:fs';
import { HardeningError } from '../lib/errors';
import { labLabel, machineAddress } from './network';
import { authorizedKeysFile, hostKeyFile } from './node-root';
import { attempt, podman, podmanJson } from './podman';
import { artifactsMount, type LabNetwork, type LabNode, type LabRequest, type LabRole } from './types';

const nodeLabel = 'bulwark.lab.node';
const roleLabel = 'bulwark.lab.role';
const addressLabel = 'bulwark.lab.address';

/** A machine as Podman has it. */
export interface Container extends LabNode {
  /** Podman's name of it. */
  readonly container: string;
  readonly address: string;
  /** Podman's word for it: `running`, `exited` … */
  readonly state: string;
}

/**
 * Folders that live on a volume: overlay cannot lie on overlay (containerd), etcd wants a real file system, and a
 * journal in memory would not survive a reboot. The options are those of a plain disk.
 */
const volumes = ['/var/lib/containerd', '/var/lib/kubelet', '/var/lib/etcd', '/var/log/journal'];

const containerName = (lab: string, node: string) => `bulwark-${lab}-${node}`;

/** The machines of a lab, whatever their state, in the order of their addresses. */
export async function labContainers(lab: string): Promise<Container[]> {
  type Row = { Names: string[]; State: string; Labels: Record<string, string> };
  const filter = ['--filter', `label=${labLabel}=${lab}`];
  const rows = await podmanJson<Row[]>(['ps', '--all', ...filter, '--format', 'json']);
  const containers = rows.map(({ Names, State, Labels }) => ({
    name: Labels[nodeLabel] ?? '',
    role: Labels[roleLabel] as LabRole,
    container: Names[0] ?? '',
    address: Labels[addressLabel] ?? '',
    state: State,
  }));
  const last = ({ address }: Container) => Number(address.split('.').at(-1));
  return containers.sort((a, b) => last(a) - last(b));
}

/**
 * Makes the machines that are missing and starts those that are stopped; those that run are left alone.
 *
 * @throws HardeningError of kind `usage` when the lab has other machines than those asked for.
 */
export async function ensureMachines(request: LabRequest, network: LabNetwork, image: string): Promise<Container[]> {
  const present = await labContainers(request.name);
  refuseOtherMachines(request, present);
  await Promise.all(
    request.nodes.map(async (node, index) => {
      const existing = present.find(({ name }) => name === node.name);
      if (!existing) await podman(['run', ...runArguments(request, network, node, index), image]);
      else if (existing.state !== 'running') await podman(['start', existing.container]);
    }),
  );
  return labContainers(request.name);
}

function refuseOtherMachines({ name: lab, nodes }: LabRequest, present: readonly Container[]): void {
  const describe = (list: readonly LabNode[]) => list.map(({ name, role }) => `${name} (${role})`).join(', ');
  const wanted = describe(nodes);
  if (present.length === 0 || describe(present) === wanted) return;
  // A first start that was interrupted has made some of the machines.
  if (present.every(({ name, role }) => nodes.some((node) => node.name === name && node.role === role))) return;
  throw new HardeningError('usage', [
    {
      code: 'LAB_OTHER_MACHINES',
      message: `lab ${lab} exists with other machines`,
      got: wanted,
      allowed: describe(present),
      fix: `bulwark lab down ${lab}, or use another name`,
    },
  ]);
}

function runArguments(request: LabRequest, network: LabNetwork, node: LabNode, index: number): string[] {
  const address = machineAddress(network, index);
  const labels = { [labLabel]: request.name, [nodeLabel]: node.name, [roleLabel]: node.role, [addressLabel]: address };
  return [
    '--detach',
    '--runtime=runc',
    `--name=${containerName(request.name, node.name)}`,
    `--hostname=${node.name}`,
    ...Object.entries(labels).map(([name, value]) => `--label=${name}=${value}`),
    '--privileged',
    '--systemd=always',
    '--cgroupns=private',
    // A reboot ends the first process; Podman then starts it again with the same disks and address.
    '--restart=always',
    '--pids-limit=-1',
    ...limits(readFileSync('/proc/self/limits', 'utf8'), Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'))),
    `--network=${network.name}`,
    `--ip=${address}`,
    '--no-hosts',
    ...volumes.map((folder) => `--mount=type=volume,destination=${folder},suid,dev`),
    ...(existsSync('/lib/modules') ? ['--volume=/lib/modules:/lib/modules:ro'] : []),
    ...(request.artifactsDirectory ? [`--volume=${request.artifactsDirectory}:${artifactsMount}:ro`] : []),
  ];
}

/**
 * Podman asks for limits of its own, which fail where this computer's are lower and root may not raise them. Podman
 * lowers its own process limit to the largest process id.
 *
 * @param table /proc/self/limits
 */
export function limits(table: string, pidMax: number): string[] {
  const hard = (title: string, largest: number) => {
    const value = Number(new RegExp(`^${title} +\\S+ +(\\d+)`, 'm').exec(table)?.[1] ?? largest);
    return Math.min(value, largest);
  };
  const files = hard('Max open files', 1048576);
  const processes = hard('Max processes', pidMax);
  return [`--ulimit=nofile=${files}:${files}`, `--ulimit=nproc=${processes}:${processes}`];
}

/** Lets the lab's public key, and no other, log in on a machine, by a trusted path. */
export async function authorize(container: string, publicKey: string): Promise<void> {
  const { stdout } = await attempt('podman', ['exec', container, 'cat', authorizedKeysFile]);
  if (stdout === publicKey) return;
  await podman(['exec', '--interactive', container, 'tee', authorizedKeysFile], publicKey);
}

/** A machine's public host key as `type base64`, by a trusted path; empty while the machine is still starting. */
export async function readHostKey(container: string): Promise<string> {
  const { code, stdout } = await attempt('podman', ['exec', container, 'cat', `${hostKeyFile}.pub`]);
  return code === 0 ? stdout.split(' ').slice(0, 2).join(' ').trim() : '';
}

/** Id of a machine's current boot; empty while it is down. */
export async function readBootId(container: string): Promise<string> {
  const { code, stdout } = await attempt('podman', ['exec', container, 'cat', '/proc/sys/kernel/random/boot_id']);
  return code === 0 ? stdout.trim() : '';
}
