import { HardeningError } from '../lib/errors';
import { type Container, labContainers, readBootId, readHostKey } from './machines';
import { labNetworks } from './network';
import { attempt } from './podman';
import { openSsh, proveLogin, sshFiles } from './ssh';
import type { LabMachine, LabNetwork, LabSsh } from './types';
import { waitUntil } from './wait';

/** A machine, whether it runs or not. */
export interface LabMachineStatus extends LabMachine {
  /** Podman's word for it: `running`, `exited` … */
  readonly state: string;
  /** Empty unless the machine runs. */
  readonly hostKey: string;
}

/** A lab as it is now. */
export interface LabStatus {
  readonly name: string;
  readonly network: LabNetwork;
  readonly ssh: LabSsh;
  readonly nodes: readonly LabMachineStatus[];
}

/** Names of the labs on this computer. */
export async function labNames(): Promise<readonly string[]> {
  return [...(await labNetworks()).keys()].sort();
}

/**
 * The lab of a name, or `undefined`.
 */
export async function labStatus(name: string): Promise<LabStatus | undefined> {
  const registered = (await labNetworks()).get(name);
  if (!registered) return undefined;
  const { stateDirectory, ...network } = registered;
  const nodes = await Promise.all((await labContainers(name)).map(statusOf));
  return { name, network, ssh: sshFiles(stateDirectory), nodes };
}

async function statusOf({ name, role, address, state, container }: Container): Promise<LabMachineStatus> {
  return { name, role, address, state, hostKey: state === 'running' ? await readHostKey(container) : '' };
}

/**
 * Logs in on a machine with this process's terminal, or runs a command there.
 *
 * @returns ssh's exit code.
 * @throws HardeningError of kind `usage` when the lab or the machine does not exist.
 */
export async function labSsh(name: string, node: string, command: readonly string[] = []): Promise<number> {
  const { ssh, nodes } = await existing(name, node);
  return openSsh(ssh, nodes[0]?.address ?? '', command);
}

/**
 * Reboots one machine, or all at once, from inside, and waits until each has a new boot and lets the lab's user in.
 *
 * @throws HardeningError of kind `usage` when the lab or the machine does not exist, `unreachable` when one stays down.
 */
export async function labReboot(name: string, node?: string): Promise<void> {
  const { ssh, nodes } = await existing(name, node);
  const containers = await labContainers(name);
  await Promise.all(
    nodes.map(async (machine) => {
      const container = containers.find((each) => each.name === machine.name)?.container ?? '';
      await reboot(container, machine.name);
      await proveLogin(ssh, machine);
    }),
  );
}

/** Seconds: systemd gives a pod that does not end 90, and an API server without its etcd waits for its requests. */
const longestShutdown = 180;

async function reboot(container: string, node: string): Promise<void> {
  const before = await readBootId(container);
  // The command's own result is lost with the machine that it ran on.
  await attempt('podman', ['exec', container, 'systemctl', 'reboot']);
  const rebooted = await waitUntil(async () => !['', before].includes(await readBootId(container)), longestShutdown);
  if (rebooted) return;
  throw new HardeningError('unreachable', [
    {
      code: 'LAB_REBOOT_FAILED',
      path: node,
      message: 'the machine has not started again',
      fix: `podman logs ${container}`,
    },
  ]);
}

async function existing(name: string, node?: string): Promise<LabStatus> {
  const lab = await labStatus(name);
  const nodes = lab?.nodes.filter((machine) => node === undefined || machine.name === node) ?? [];
  if (lab && nodes.length > 0) return { ...lab, nodes };
  const names = lab ? lab.nodes.map((machine) => machine.name) : await labNames();
  throw new HardeningError('usage', [
    {
      code: lab ? 'LAB_NO_SUCH_MACHINE' : 'LAB_NO_SUCH_LAB',
      message: lab ? `lab ${name} has no such machine` : 'there is no such lab',
      got: lab ? (node ?? 'no machine') : name,
      allowed: names.join(', ') || 'none',
      fix: 'bulwark lab up',
    },
  ]);
}
