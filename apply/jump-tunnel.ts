import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HardeningError } from '../lib/errors';
import type { SshServer } from './host-keys';

/** A host that SSH connections go through, with the host key that is expected of it. */
export interface JumpHost extends SshServer {
  readonly user: string;
  readonly hostKey: string;
  readonly identityFile?: string;
}

/** Seconds until the jump host must let the connections through. */
const patience = 20;

/**
 * Makes SSH servers behind a jump host reachable on ports of this computer, while `work` lasts. The jump host needs
 * nothing but forwarding.
 *
 * @throws HardeningError of kind `unreachable` where the jump host does not let through
 */
export async function throughJump<T>(
  jump: JumpHost,
  servers: readonly SshServer[],
  work: (local: readonly SshServer[]) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'bulwark-jump-'));
  const local = await Promise.all(servers.map(async () => ({ address: '127.0.0.1', port: await freePort() })));
  const knownHosts = join(directory, 'known_hosts');
  await writeFile(
    knownHosts,
    `${jump.port === 22 ? jump.address : `[${jump.address}]:${jump.port}`} ${jump.hostKey}\n`,
  );
  const forwards = servers.flatMap(({ address, port }, index) => [
    '-L',
    `127.0.0.1:${local[index]?.port}:${address.includes(':') ? `[${address}]` : address}:${port}`,
  ]);
  const options = {
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    ExitOnForwardFailure: 'yes',
    BatchMode: 'yes',
    ConnectTimeout: '10',
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const identity = jump.identityFile === undefined ? [] : ['-i', jump.identityFile];
  const target = ['-p', String(jump.port), '-l', jump.user, '--', jump.address];
  const child = spawn('ssh', ['-N', ...settings, ...identity, ...forwards, ...target], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const end = new Promise<void>((resolve) => {
    const done = (error?: Error) => {
      if (error) said += error.message;
      ended = true;
      resolve();
    };
    child.on('error', done).on('close', () => done());
  });
  try {
    const deadline = Date.now() + patience * 1000;
    while (!(await accepts(local[0]))) {
      if (ended || Date.now() > deadline) throw closed(jump, said);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return await work(local);
  } finally {
    child.kill();
    await end;
    await rm(directory, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function accepts(server: SshServer | undefined): Promise<boolean> {
  if (!server) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect(server.port, server.address);
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
}

const closed = ({ user, address }: JumpHost, said: string): HardeningError =>
  new HardeningError('unreachable', [
    {
      code: 'JUMP_UNREACHABLE',
      path: 'ssh.jump',
      message: `the jump host does not let ${user}@${address} through`,
      got: said.trim().split('\n').slice(-3).join('; ') || 'no answer',
      fix: 'check its address, user, key and host key, and that it allows TCP forwarding',
    },
  ]);
