import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { LeavingNode } from '../../apply';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';
import { administratorFiles } from './administrator-files';

interface Answer {
  readonly leaving: readonly LeavingNode[];
  readonly changes: readonly string[];
  readonly chores: readonly string[];
  readonly error: string;
}

const entry = (name: string) => ({ name, role: 'worker', address: '192.0.2.7', hostKey: 'ssh-ed25519 AAAA' });

jest.setTimeout(60_000);

describeWith('nodes that leave, on a real API server', apiServerPrograms, (programs) => {
  let server: ApiServer;
  let run: (order: { declared: readonly string[] } & Record<string, unknown>) => Answer;

  beforeAll(async () => {
    server = await startApiServer(programs);
    const access = administratorFiles(server);
    run = (order) =>
      JSON.parse(
        execFileSync('python3', [join(__dirname, '../ansible/members_driver.py')], {
          input: JSON.stringify({ ...access, ...order }),
          encoding: 'utf8',
        }),
      );
    const node = (name: string, labels: Record<string, string>) =>
      server.request('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
    await node('cp-1', { 'node-role.kubernetes.io/control-plane': '' });
    await node('worker-1', {});
    await node('worker-2', {});
  }, 120_000);
  afterAll(() => server?.stop());

  const exists = async (name: string) => (await server.request('GET', `/api/v1/nodes/${name}`)).status === 200;

  test('a node that nobody recorded leaves without a way to its machine', () => {
    expect(run({ declared: ['cp-1', 'worker-1'] }).leaving).toEqual([
      { name: 'worker-2', controlPlane: false, node: null },
    ]);
  });

  test('what the spec said of a node is known after it has left the spec, until it has left the cluster', async () => {
    const all = [entry('cp-1'), entry('worker-1'), entry('worker-2')];
    const chores = ['record how the nodes are reached'];
    expect(run({ declared: [], remember: all, check: true })).toMatchObject({ changes: [], chores });
    run({ declared: ['cp-1', 'worker-1', 'worker-2'], remember: all });
    expect(run({ declared: [], remember: all, check: true })).toMatchObject({ changes: [], chores: [] });
    const later = run({ declared: ['cp-1', 'worker-1'], remember: all.slice(0, 2) });
    expect(later.leaving).toEqual([{ name: 'worker-2', controlPlane: false, node: entry('worker-2') }]);

    const preview = run({ declared: ['cp-1', 'worker-1'], delete: ['worker-2'], check: true });
    expect(preview.changes).toEqual(['worker-2 delete']);
    expect(preview.leaving).toEqual(later.leaving);
    expect(await exists('worker-2')).toBe(true);

    const removed = run({ declared: ['cp-1', 'worker-1'], delete: ['worker-2'] });
    expect(removed).toMatchObject({ changes: ['worker-2 delete'], leaving: [] });
    expect(await exists('worker-2')).toBe(false);
  });

  test('the spec is kept as it is, and written again only where it differs', async () => {
    const path = '/api/v1/namespaces/kube-system/configmaps/bulwark-spec';
    const kept = async () => (await server.request('GET', path)).body as { data: object; metadata: object };
    run({ declared: [], keep: '{"name": "one"}\n' });
    const first = await kept();
    expect(first.data).toEqual({ 'spec.json': '{"name": "one"}\n' });
    run({ declared: [], keep: '{"name": "one"}\n' });
    expect((await kept()).metadata).toEqual(first.metadata);
    run({ declared: [], keep: '{"name": "two"}\n' });
    expect((await kept()).data).toEqual({ 'spec.json': '{"name": "two"}\n' });
  });

  test('a machine whose Node object somebody deleted by hand is still to be reset', () => {
    run({ declared: [], remember: [entry('worker-3')] });
    const { leaving } = run({ declared: ['cp-1', 'worker-1'] });
    expect(leaving.map(({ name }) => name)).toEqual(['worker-3']);
    expect(run({ declared: ['cp-1', 'worker-1'], delete: ['worker-3'] })).toMatchObject({ changes: [], leaving: [] });
  });

  test('the pods of a node go with it, and those of a machine that is gone are named', async () => {
    await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    for (const nodeName of ['reset', 'gone']) {
      await server.request('POST', '/api/v1/nodes', { metadata: { name: nodeName } });
      const spec = { nodeName, containers: [{ name: 'app', image: 'app' }] };
      await server.request('POST', '/api/v1/namespaces/default/pods', { metadata: { name: `on-${nodeName}` }, spec });
    }
    const left = async () =>
      (await server.request('GET', '/api/v1/namespaces/default/pods')).body.items.map(
        ({ metadata }: { metadata: { name: string } }) => metadata.name,
      );
    const order = { declared: [], delete: ['reset'], forget: ['gone'] };
    const changes = ['reset delete', 'gone delete', 'default/on-gone remove'];
    expect(run({ ...order, check: true }).changes).toEqual(changes);
    expect(await left()).toEqual(['on-gone', 'on-reset']);
    expect(run(order).changes).toEqual(changes);
    expect(await left()).toEqual([]);
  });

  test('a control plane is told as one and never deleted', async () => {
    expect(run({ declared: ['worker-1'] }).leaving).toContainEqual(
      expect.objectContaining({ name: 'cp-1', controlPlane: true }),
    );
    expect(run({ declared: [], delete: ['cp-1'] }).error).toBe('cp-1 is a control plane, which is never removed');
    expect(await exists('cp-1')).toBe(true);
  });
});
