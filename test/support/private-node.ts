import { type ChildProcess, type ExecFileSyncOptions, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A file that the node starts with, at its real path below `/etc`, `/usr` or `/var`. */
export interface TreeFile {
  readonly path: string;
  readonly content: string;
  /** Four octal digits. */
  readonly mode: string;
}

/** A program running on the node. */
export interface Running {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
}

/**
 * A node's files and address in namespaces of their own: `/etc`, `/usr` and `/var` are the machine's with the node's tree
 * laid over them, and its address is on the loopback interface. So real programs run on the rendered files at their real
 * paths, and the machine stays as it is.
 */
export interface PrivateNode {
  /** Runs a program to its end and returns its standard output. */
  run(program: string, args: readonly string[], options?: { readonly input?: string }): string;
  start(program: string, args: readonly string[]): Running;
  /** The text of a file of the node. */
  read(path: string): string;
  write(path: string, content: string): void;
  /** One HTTPS request without any credential; the certificate is not verified. */
  anonymous(url: string): { readonly status: number; readonly body: string };
  stop(): void;
}

/** Whether this process may make namespaces. */
export const mayMakeNodes = process.getuid?.() === 0;

const setUp = `set -eu
mount --make-rprivate /
mount -t tmpfs -o mode=0755 bulwark /mnt
for top in etc usr var; do
  mkdir -p /mnt/upper/$top /mnt/work/$top
  if [ -d "$1/$top" ]; then cp -a "$1/$top/." /mnt/upper/$top/; fi
  mount -t overlay -o "lowerdir=/$top,upperdir=/mnt/upper/$top,workdir=/mnt/work/$top" bulwark /$top
done
# The machine may run a containerd of its own; nothing here may find it.
mount -t tmpfs -o mode=0755 bulwark /run
ip link set lo up
ip address add "$2/32" dev lo
echo ready
exec sleep infinity
`;

const requestScript = `
const [url] = process.argv.slice(1);
require('node:https').get(url, { rejectUnauthorized: false, timeout: 5000 }, (response) => {
  let body = '';
  response.on('data', (chunk) => { body += chunk; });
  response.on('end', () => process.stdout.write(JSON.stringify({ status: response.statusCode, body })));
}).on('error', (error) => process.stdout.write(JSON.stringify({ status: 0, body: error.message })));
`;

/** The audit log of a slow run is longer than Node.js takes by itself. Bytes. */
const largest = 64 * 1024 * 1024;

/** Makes a node from a tree. @param address the node's address; must not be loopback */
export async function startPrivateNode(files: readonly TreeFile[], address: string): Promise<PrivateNode> {
  const tree = mkdtempSync(join(tmpdir(), 'bulwark-node-'));
  for (const { path, content, mode } of files) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
    chmodSync(join(tree, path), Number.parseInt(mode, 8));
  }
  const flags = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const namespaces = spawn('unshare', [...flags, 'sh', '-c', setUp, 'sh', tree, address], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let complaint = '';
    namespaces.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    namespaces.stdout.on('data', () => resolve());
    namespaces.on('exit', (status) => reject(new Error(`unshare ended with status ${status}: ${complaint}`)));
  });
  const { pid } = namespaces;
  const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const inside = (program: string, args: readonly string[]) =>
    ['--target', first, '--mount', '--net', '--pid', '--', program, ...args] as const;
  const run = (program: string, args: readonly string[], options: ExecFileSyncOptions = {}) =>
    execFileSync('nsenter', inside(program, args), { stdio: 'pipe', maxBuffer: largest, ...options }).toString();

  return {
    run,
    start(program, args) {
      const child = spawn('nsenter', inside(program, args), { stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk;
        });
      }
      return { process: child, output: () => output };
    },
    read: (path) => run('cat', [path]),
    write: (path, content) => {
      run('tee', [path], { input: content });
    },
    anonymous: (url) => JSON.parse(run(process.execPath, ['-e', requestScript, url])),
    stop() {
      // The first process of a PID namespace takes all others with it.
      process.kill(Number(first), 'SIGKILL');
      rmSync(tree, { recursive: true, force: true });
    },
  };
}

/** Asks again until `done`, at most `seconds` long, and returns the last answer. */
export async function eventually<T>(ask: () => T, done: (answer: T) => boolean, seconds: number): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = ask();
    if (done(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
