import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyCluster, mintKubeconfig, type PlaybookEvent } from '../../apply';
import { HardeningError } from '../../lib/errors';
import { hasAnsible } from '../support/ansible';
import { notRun } from '../support/judges';

const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('applying', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bulwark-test-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('refuses an artifact directory without an index before anything starts', async () => {
    const error = await thrown(
      applyCluster({ bundleDirectory: directory, artifactsDirectory: directory, stateDirectory: directory }),
    );
    expect(error).toBeInstanceOf(HardeningError);
    expect((error as HardeningError).kind).toBe('artifact');
    expect((error as HardeningError).issues[0]?.code).toBe('ARTIFACT_INDEX_MISSING');
  });

  if (!hasAnsible()) {
    notRun('the runner with the real Ansible', 'ansible-core is not in the cache; `bulwark up` installs it');
    return;
  }

  /** A bundle of one node behind a loopback port. */
  function bundleAt(port: number): string {
    const bundle = join(directory, 'bundle');
    mkdirSync(bundle);
    const host = {
      ansible_host: '127.0.0.1',
      ansible_port: port,
      ansible_user: 'nobody',
      ansible_ssh_common_args: '-o StrictHostKeyChecking=yes -o UserKnownHostsFile={{ inventory_dir }}/known_hosts',
    };
    writeFileSync(
      join(bundle, 'inventory.yaml'),
      JSON.stringify({ all: { children: { control_plane: { hosts: { 'cp-1': host } } } } }),
    );
    writeFileSync(join(bundle, 'known_hosts'), '');
    return bundle;
  }

  test('names the node that cannot be reached and leaves no temporary file', async () => {
    // Other tests use the system's own directory at the same time.
    const temporary = join(directory, 'tmp');
    mkdirSync(temporary);
    const former = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    const events: PlaybookEvent[] = [];
    const error = await thrown(
      mintKubeconfig({
        // A port that nobody listens on.
        bundleDirectory: bundleAt(1),
        stateDirectory: join(directory, 'state'),
        onEvent: (event) => events.push(event),
      }),
    );
    expect(error).toBeInstanceOf(HardeningError);
    const { kind, issues } = error as HardeningError;
    expect(kind).toBe('unreachable');
    expect(issues.map(({ code, path }) => [code, path])).toEqual([['NODE_UNREACHABLE', 'nodes.cp-1']]);
    expect(events.map(({ event }) => event)).toContain('task');
    if (former === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = former;
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);

  test('Ctrl-C ends a run that hangs, and says how to go on', async () => {
    // Accepts the connection and never says a word, as a machine that hangs does.
    const server: Server = createServer(() => undefined);
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    try {
      const error = await thrown(
        mintKubeconfig({
          bundleDirectory: bundleAt(port),
          stateDirectory: join(directory, 'state'),
          onEvent: ({ event }) => event === 'task' && setTimeout(() => process.emit('SIGINT'), 500),
        }),
      );
      expect((error as HardeningError).issues[0]?.code).toBe('APPLY_INTERRUPTED');
    } finally {
      server.close();
    }
  }, 60_000);
});
