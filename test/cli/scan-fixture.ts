import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Cache } from '../../apply/artifacts';
import { type SshServer, type SshServerOptions, startSshServer } from '../support/ssh-server';

const root = join(__dirname, '../..');
const command = [
  process.execPath,
  '--import',
  join(root, 'node_modules/tsx/dist/loader.mjs'),
  join(root, 'cli/main.ts'),
] as const;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A node of a spec, as a draft has it. */
export interface Entry {
  readonly name: string;
  readonly address?: string;
  readonly hostKey?: string;
  readonly ssh?: object;
}

/** Programs that the fixture needs. */
export const scanPrograms = ['sshd', 'ssh-keyscan', 'script'] as const;

/** A folder with a spec, SSH servers that end with each test, and the command `bulwark inventory scan` in that folder. */
export function scanFixture(sshd: string) {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-scan-'));
  const file = join(folder, 'cluster.yaml');
  const identity = join(folder, 'identity');
  const servers: SshServer[] = [];
  /** No key of whoever runs the test is known here. */
  const env = { ...process.env, HOME: folder, NO_COLOR: '1', BULWARK_CACHE: new Cache().directory };
  beforeAll(() => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', identity]);
    mkdirSync(join(folder, '.ssh'));
  });
  afterEach(async () => {
    rmSync(join(folder, '.ssh/known_hosts'), { force: true });
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const serve = async (options: Partial<SshServerOptions> = {}): Promise<SshServer> => {
    const server = await startSshServer({ sshd, ...options });
    servers.push(server);
    return server;
  };
  const draft = (nodes: readonly Entry[], more: object = {}): string => {
    const text = `# ours\n${stringify({ name: 'shop', ...more, nodes: nodes.map((node) => ({ role: 'worker', ...node })) })}`;
    writeFileSync(file, text);
    return text;
  };
  const entry = (name: string, { address, port }: { address: string; port: number }, more: object = {}): Entry => ({
    name,
    address,
    ssh: { port },
    ...more,
  });
  const written = () => readFileSync(file, 'utf8');
  const pinned = (): Record<string, string | undefined> =>
    Object.fromEntries(parse(written()).nodes.map(({ name, hostKey }: Entry) => [name, hostKey]));

  const run = (program: string, args: readonly string[], answers: readonly string[] = []): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
      let stdout = '';
      let stderr = '';
      const left = [...answers];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        // Whoever types before being asked is not heard.
        if (stdout.split('[y/N]').length > answers.length - left.length + 1 && left.length > 0) {
          child.stdin.write(`${left.shift()}\n`);
        }
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
    });
  const scan = (...args: string[]) => run(command[0], [...command.slice(1), 'inventory', 'scan', ...args]);
  /** On a terminal of its own, where somebody answers. */
  const scanOnTerminal = (answers: readonly string[], ...args: string[]) => {
    const words = [...command, 'inventory', 'scan', ...args].map((word) => `'${word}'`);
    return run('script', ['--quiet', '--return', '--flush', '--command', words.join(' '), '/dev/null'], answers);
  };
  /** An sshd that lets the operator in, and through to these servers. */
  const serveJump = (...nodes: readonly { address: string; port: number }[]) =>
    serve({
      authorizedKey: readFileSync(`${identity}.pub`, 'utf8').trim(),
      permitOpen: nodes.map(({ address, port }) => `${address}:${port}`),
    });

  return { folder, file, identity, serve, serveJump, draft, entry, written, pinned, scan, scanOnTerminal };
}
