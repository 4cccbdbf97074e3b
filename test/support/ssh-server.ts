import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports';

/** A kind of host key, with its length where ssh-keygen has a choice. */
export interface KeyKind {
  readonly type: 'ed25519' | 'ecdsa' | 'rsa';
  readonly bits?: number;
}

export interface SshServerOptions {
  /** Path of the real sshd. */
  readonly sshd: string;
  /** @default one Ed25519 key */
  readonly keys?: readonly KeyKind[];
  /** Loopback address to listen on. @default 127.0.0.1 */
  readonly address?: string;
  /** Public key that may log in. @default nobody may */
  readonly authorizedKey?: string;
  /** Where connections may be forwarded to, `host:port`. @default nowhere */
  readonly permitOpen?: readonly string[];
}

/** A real sshd on this computer, with host keys and a port of its own. */
export interface SshServer {
  readonly address: string;
  readonly port: number;
  /** Who can log in. */
  readonly user: string;
  /** Fingerprints of its host keys by type, as `ssh-keygen -lf` prints them. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Its public host keys by type: type and key, without a comment. */
  readonly hostKeys: Readonly<Record<string, string>>;
  /** What it has logged so far. */
  log(): string;
  /** The same machine, installed anew: other host keys on the same port. */
  reinstall(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Whom sshd runs as, and lets in: as root it would want an account and a directory of its own. `nobody` is locked where
 * systemd answers for it.
 */
const account = process.getuid?.() === 0 ? accountOf('daemon') : userInfo();

function accountOf(username: string): { readonly username: string; readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, username], { encoding: 'utf8' }));
  return { username, uid: id('-u'), gid: id('-g') };
}

/** Starts sshd; it serves until `stop`. */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  const { sshd, keys = [{ type: 'ed25519' }], address = '127.0.0.1', authorizedKey, permitOpen = ['none'] } = options;
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-sshd-'));
  const own = (path: string) => chownSync(path, account.uid, account.gid);
  own(directory);
  const [port = 0] = await freePorts(1);
  // Where it lies its user may not look.
  const program = join(directory, 'sshd');
  copyFileSync(sshd, program);
  const authorized = join(directory, 'authorized_keys');
  writeFileSync(authorized, `${authorizedKey ?? ''}\n`);
  own(authorized);
  let log = '';
  let child: ChildProcess;
  let fingerprints: Record<string, string> = {};
  let hostKeys: Record<string, string> = {};

  const start = async (generation: number) => {
    const folder = join(directory, `${generation}`);
    mkdirSync(folder);
    own(folder);
    const files = keys.map(({ type, bits }) => {
      const file = join(folder, type);
      const length = bits === undefined ? [] : ['-b', `${bits}`];
      execFileSync('ssh-keygen', ['-q', '-t', type, ...length, '-N', '', '-C', 'of a test', '-f', file]);
      own(file);
      return { type, file };
    });
    const shown = (file: string) => execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' });
    fingerprints = Object.fromEntries(files.map(({ type, file }) => [type, shown(file).split(' ')[1] ?? '']));
    hostKeys = Object.fromEntries(
      files.map(({ type, file }) => [type, readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')]),
    );
    const settings = [
      `ListenAddress ${address}:${port}`,
      ...files.map(({ file }) => `HostKey ${file}`),
      `AuthorizedKeysFile ${authorized}`,
      `PermitOpen ${permitOpen.join(' ')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PidFile none',
      'StrictModes no',
      'LogLevel VERBOSE',
    ];
    const config = join(folder, 'sshd_config');
    writeFileSync(config, `${settings.join('\n')}\n`, { mode: 0o644 });
    const { uid, gid } = account;
    child = spawn(program, ['-D', '-e', '-f', config], { uid, gid, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const listening = () => log.split(`Server listening on ${address} port ${port}`).length > generation;
    for (const deadline = Date.now() + 60_000; !listening(); await new Promise((done) => setTimeout(done, 20))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`sshd does not start: ${log}`);
    }
  };
  const end = async () => {
    const ended = new Promise((done) => child.once('close', done));
    if (child.exitCode === null && child.signalCode === null && child.kill()) await ended;
  };

  let generation = 1;
  await start(generation);
  return {
    address,
    port,
    user: account.username,
    get fingerprints() {
      return fingerprints;
    },
    get hostKeys() {
      return hostKeys;
    },
    log: () => log,
    reinstall: async () => {
      await end();
      generation += 1;
      await start(generation);
    },
    stop: async () => {
      await end();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
