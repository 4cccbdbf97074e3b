import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HardeningError } from '../lib/errors';
import { labUser } from './node-root';
import { attempt } from './podman';
import type { LabMachine, LabSsh } from './types';
import { waitUntil } from './wait';

/** The folder inside a lab's state directory that is the lab's own. */
export const machinesFolder = (stateDirectory: string) => join(stateDirectory, 'machines');

/** Where a lab's keys lie. */
export function sshFiles(stateDirectory: string): LabSsh {
  const folder = machinesFolder(stateDirectory);
  return { user: labUser, identityFile: join(folder, 'identity'), knownHostsFile: join(folder, 'known_hosts') };
}

/** Makes the lab's key pair unless it is there, and returns the public key. */
export async function ensureIdentity(stateDirectory: string): Promise<string> {
  const { identityFile } = sshFiles(stateDirectory);
  await mkdir(machinesFolder(stateDirectory), { recursive: true, mode: 0o700 });
  const publicKey = () => readFile(`${identityFile}.pub`, 'utf8');
  try {
    return await publicKey();
  } catch {
    const options = ['-q', '-t', 'ed25519', '-N', '', '-C', 'bulwark-lab', '-f', identityFile];
    const { code, stderr } = await attempt('ssh-keygen', options);
    if (code === 0) return publicKey();
    throw new HardeningError('internal', [{ code: 'LAB_KEYGEN_FAILED', file: identityFile, message: stderr.trim() }]);
  }
}

/** Pins the machines' host keys: the only ones that the lab accepts. */
export async function pinHostKeys(stateDirectory: string, machines: readonly LabMachine[]): Promise<void> {
  const lines = machines.map(({ address, hostKey }) => `${address} ${hostKey}\n`);
  await writeFile(sshFiles(stateDirectory).knownHostsFile, lines.join(''), { mode: 0o600 });
}

/** Arguments of ssh up to and including the destination. The user's own configuration and known hosts do not count. */
export function sshArguments(ssh: LabSsh, address: string): string[] {
  const options = {
    IdentitiesOnly: 'yes',
    BatchMode: 'yes',
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: ssh.knownHostsFile,
    GlobalKnownHostsFile: '/dev/null',
    ConnectTimeout: '5',
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return ['-F', '/dev/null', '-i', ssh.identityFile, ...settings, `${ssh.user}@${address}`];
}

/**
 * Waits until a machine lets the lab's user in with the pinned host key and lets that user become root.
 *
 * @throws HardeningError of kind `unreachable` after a minute, with what ssh said last.
 */
export async function proveLogin(ssh: LabSsh, machine: LabMachine): Promise<void> {
  let said = '';
  const proven = await waitUntil(async () => {
    const { code, stderr } = await attempt('ssh', [...sshArguments(ssh, machine.address), 'sudo', '-n', 'true']);
    said = stderr.trim();
    return code === 0;
  });
  if (proven) return;
  throw new HardeningError('unreachable', [
    {
      code: 'LAB_LOGIN_FAILED',
      path: machine.name,
      message: `${ssh.user}@${machine.address} cannot log in and become root: ${said}`,
      fix: `look at the machine’s journal, or start again with bulwark lab down`,
    },
  ]);
}

/** Runs ssh with this process's terminal and returns its exit code. */
export function openSsh(ssh: LabSsh, address: string, command: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', [...sshArguments(ssh, address), ...command], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 255));
  });
}
