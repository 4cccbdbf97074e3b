import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { HardeningError, type Issue } from '../lib/errors';
import { ensureAnsible } from './ansible-environment';
import { type PlaybookEvent, parseEvent, type StepResult } from './events';
import { packageRoot } from './package-root';
import { capture } from './programs';

/** One run of one playbook of the collection. */
export interface PlaybookRequest {
  readonly playbook:
    | 'site'
    | 'gateway'
    | 'observe'
    | 'observe_foreign'
    | 'reset'
    | 'reset_gateway'
    | 'remove_nodes'
    | 'kubeconfig'
    | 'break_glass'
    | 'release';
  /** The bundle; its `inventory.yaml` says which nodes there are and how they are reached. */
  readonly bundleDirectory: string;
  /** Variables of the playbook beside `bulwark_bundle` and `bulwark_run`. Never a secret. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Inventories, laid over each other in this order. @default that of the bundle */
  readonly inventories?: readonly string[];
  /** Name under which the lock is held. @default a new one */
  readonly run?: string;
  /** Look only. @default false */
  readonly check?: boolean;
  /** Report before and after of each file. @default false */
  readonly diff?: boolean;
  /** @default `$BULWARK_CACHE`, else `$XDG_CACHE_HOME/bulwark`, else `~/.cache/bulwark` */
  readonly cacheDirectory?: string;
  readonly onEvent?: (event: PlaybookEvent) => void;
}

/** Ansible's exit status after SIGINT. */
const interrupted = 99;
/** How many last lines of other output go into an error. */
const linesKept = 20;

/**
 * Runs a playbook and returns how each step ended on each node.
 *
 * Ctrl-C reaches Ansible and then ends the run with an error; the state on the nodes is one that the same command goes
 * on from.
 *
 * @throws HardeningError of kind `unreachable` or `apply`, one issue for each node that failed
 */
export async function runPlaybook(request: PlaybookRequest): Promise<readonly StepResult[]> {
  const report = request.onEvent ?? (() => undefined);
  const environment = await ensureAnsible((text) => report({ event: 'progress', text }), request.cacheDirectory);
  const scratch = await mkdtemp(join(tmpdir(), 'bulwark-'));
  try {
    await layCollection(scratch);
    const bundle = resolve(request.bundleDirectory);
    const variables = { ...request.variables, bulwark_bundle: bundle, bulwark_run: request.run ?? randomUUID() };
    await writeFile(join(scratch, 'variables.json'), JSON.stringify(variables), { mode: 0o600 });
    const inventories = request.inventories ?? [join(bundle, 'inventory.yaml')];
    const args = [
      ...inventories.flatMap((inventory) => ['--inventory', inventory]),
      ...['--extra-vars', `@${join(scratch, 'variables.json')}`],
      ...(request.check ? ['--check'] : []),
      ...(request.diff ? ['--diff'] : []),
      `bulwark.cluster.${request.playbook}`,
    ];
    return await start(environment.playbook, args, ansibleVariables(scratch, environment.pycache), report);
  } finally {
    await closeConnections(scratch);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Ansible finds a collection by the names of its folders. */
async function layCollection(scratch: string): Promise<void> {
  const namespace = join(scratch, 'collections', 'ansible_collections', 'bulwark');
  await mkdir(namespace, { recursive: true });
  await symlink(join(packageRoot(), 'ansible'), join(namespace, 'cluster'));
}

/** The whole environment of Ansible: what it needs, and nothing that happens to be set here. */
export function ansibleVariables(scratch: string, pycache: string): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK'];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    LANG: 'C.UTF-8',
    PYTHONPYCACHEPREFIX: pycache,
    // Ansible does not flush; progress must be seen when it happens.
    PYTHONUNBUFFERED: '1',
    ANSIBLE_CONFIG: join(packageRoot(), 'ansible', 'ansible.cfg'),
    ANSIBLE_COLLECTIONS_PATH: join(scratch, 'collections'),
    ANSIBLE_STDOUT_CALLBACK: 'bulwark.cluster.events',
    ANSIBLE_HOME: scratch,
    ANSIBLE_LOCAL_TEMP: join(scratch, 'tmp'),
    ANSIBLE_SSH_CONTROL_PATH_DIR: join(scratch, 'cp'),
    ANSIBLE_NOCOLOR: '1',
  };
}

/** Ends the SSH connections that Ansible left open for later tasks. */
async function closeConnections(scratch: string): Promise<void> {
  const directory = join(scratch, 'cp');
  const sockets = await readdir(directory).catch(() => []);
  await Promise.all(
    sockets.map((name) => capture('ssh', ['-o', `ControlPath=${join(directory, name)}`, '-O', 'exit', 'x'])),
  );
}

async function start(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  report: (event: PlaybookEvent) => void,
): Promise<readonly StepResult[]> {
  // A process group of its own, so that Ctrl-C on the terminal reaches Ansible once, from here.
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const results: StepResult[] = [];
  const other: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const event = parseEvent(line);
      if (event === undefined) {
        if (line.trim() !== '') other.push(line);
        if (other.length > linesKept) other.shift();
        return;
      }
      if (event.event === 'result') results.push(event);
      report(event);
    });
  }
  let signal: NodeJS.Signals | undefined;
  const forward = (received: NodeJS.Signals) => {
    signal = received;
    if (child.pid !== undefined) process.kill(-child.pid, received);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  try {
    const status = await new Promise<number>((done, reject) => {
      child.on('error', reject);
      child.on('close', (code) => done(code ?? interrupted));
    });
    if (signal !== undefined || status === interrupted) throw new HardeningError('apply', [interruption]);
    if (status !== 0) throw failure(results, other, status);
    return results;
  } finally {
    process.off('SIGINT', forward).off('SIGTERM', forward);
  }
}

const interruption: Issue = {
  code: 'APPLY_INTERRUPTED',
  message: 'the run was interrupted',
  fix: 'start the same command again; it goes on from what is there',
};

function failure(results: readonly StepResult[], other: readonly string[], status: number): HardeningError {
  const problems = results.flatMap(({ node, problems = [] }) =>
    problems.map((message): Issue => ({ code: 'NODE_NOT_READY', path: `nodes.${node}`, message })),
  );
  if (problems.length > 0) return new HardeningError('apply', problems);
  const unreachable = results.filter((result) => result.status === 'unreachable');
  if (unreachable.length > 0) {
    return new HardeningError(
      'unreachable',
      unreachable.map(({ node, message }) => ({
        code: 'NODE_UNREACHABLE',
        path: `nodes.${node}`,
        message: message ?? 'no connection',
        fix: 'check address, user, key and the pinned host key of this node',
      })),
    );
  }
  const failed = results.filter((result) => result.status === 'failed');
  if (failed.length > 0) {
    return new HardeningError(
      'apply',
      failed.map(({ node, task, message, lines = [] }) => ({
        code: 'STEP_FAILED',
        path: `nodes.${node}`,
        message: [`${task}: ${message}`, ...lines.map((line) => `    ${line}`)].join('\n'),
      })),
    );
  }
  return new HardeningError('apply', [
    { code: 'ANSIBLE_FAILED', message: other.join('\n') || 'ansible-playbook failed', got: `status ${status}` },
  ]);
}
