import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';
import { administratorFiles } from './administrator-files';

interface Answer {
  readonly changes: readonly string[];
  readonly held?: readonly string[];
  readonly outlook?: readonly string[];
  readonly error: string;
}

jest.setTimeout(60_000);

describeWith('a drain, on a real API server', apiServerPrograms, (programs) => {
  let server: ApiServer;
  let drain: (nodes: readonly string[], order?: { check?: boolean; seconds?: number }) => Promise<Answer>;

  beforeAll(async () => {
    server = await startApiServer(programs);
    const access = administratorFiles(server);
    const kubectl = [programs.kubectl, `--kubeconfig=${server.kubeconfig}`];
    drain = (drained, order) =>
      new Promise((resolve, reject) => {
        const driver = execFile('python3', [join(__dirname, '../ansible/members_driver.py')], (error, stdout) =>
          error ? reject(error) : resolve(JSON.parse(stdout)),
        );
        driver.stdin?.end(JSON.stringify({ ...access, declared: [], drain: drained, seconds: 3, kubectl, ...order }));
      });
    await post('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  }, 120_000);
  afterAll(() => server?.stop());

  const post = async (path: string, body: object) => {
    const { status, body: answer } = await server.request('POST', path, body);
    if (status !== 201) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const ready = { status: { conditions: [{ type: 'Ready', status: 'True', reason: 'Test', message: '' }] } };
  const node = async (name: string) => {
    await post('/api/v1/nodes', { metadata: { name } });
    await server.request('PATCH', `/api/v1/nodes/${name}/status`, ready);
  };
  const pods = '/api/v1/namespaces/default/pods';
  const pod = async (nodeName: string, name: string, more: { controller?: boolean; emptyDir?: boolean } = {}) => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'app', uid: 'u', controller: true };
    await post(pods, {
      metadata: { name, labels: { app: name }, ...(more.controller !== false && { ownerReferences: [owner] }) },
      spec: {
        nodeName,
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'app', image: 'app' }],
        ...(more.emptyDir && { volumes: [{ name: 'scratch', emptyDir: {} }] }),
      },
    });
    // The API server evicts a pod that never ran without asking any budget.
    await server.request('PATCH', `${pods}/${name}/status`, { status: { phase: 'Running', ...ready.status } });
  };
  /** What a kubelet does when the containers of a pod have ended. */
  const bury = (name: string) => server.kubectl(['delete', 'pod', name, '--grace-period=0', '--force']);
  const isCordoned = async (name: string) =>
    (await server.request('GET', `/api/v1/nodes/${name}`)).body.spec.unschedulable === true;

  test('is previewed without a change: who moves, and who loses data', async () => {
    await node('previewed');
    await pod('previewed', 'stateless');
    await pod('previewed', 'scratch', { emptyDir: true });
    const { changes, outlook } = await drain(['previewed'], { check: true });
    expect([...changes].sort()).toEqual(['default/scratch evict', 'default/stateless evict', 'previewed cordon']);
    expect(outlook).toEqual(['these pods lose what they keep in emptyDir volumes: default/scratch']);
    expect(await isCordoned('previewed')).toBe(false);
  });

  test('cordons every node before the first pod moves, and says what has not ended', async () => {
    await node('first');
    await node('second');
    await pod('first', 'slow');
    const { changes, held } = await drain(['first', 'second']);
    expect(changes).toEqual(['first cordon', 'second cordon', 'default/slow evict']);
    expect(held).toEqual(['default/slow: it is evicted and has not ended yet']);
    bury('slow');
    expect(await drain(['first', 'second'])).toMatchObject({ changes: [], held: [], error: '' });
  });

  test('does not move what nothing would make anew: a preview names all of it', async () => {
    await node('bare-1');
    await node('bare-2');
    await pod('bare-1', 'alone', { controller: false });
    await pod('bare-1', 'lonely', { controller: false, emptyDir: true });
    await pod('bare-2', 'forlorn', { controller: false });
    const { error, changes } = await drain(['bare-1', 'bare-2'], { check: true });
    expect(error).toBe(
      'these pods have no controller that would make them anew: default/alone, default/lonely, default/forlorn; ' +
        'delete them, or keep the node',
    );
    expect(changes).toEqual(['bare-1 cordon', 'bare-2 cordon']);
    expect(await isCordoned('bare-1')).toBe(false);
  });

  test('waits for a budget that allows no eviction, in the preview not for long', async () => {
    await node('guarded');
    await pod('guarded', 'quorum');
    const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
    const budget = await post(budgets, {
      metadata: { name: 'quorum' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'quorum' } } },
    });
    const counts = { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 };
    const status = { ...counts, observedGeneration: budget.metadata.generation };
    await server.request('PATCH', `${budgets}/quorum/status`, { status });
    const why = "default/quorum: Cannot evict pod as it would violate the pod's disruption budget";
    const [preview, real] = await Promise.all([drain(['guarded'], { check: true, seconds: 300 }), drain(['guarded'])]);
    expect(preview.outlook).toEqual([`now ${why}; the drain waits 300 s for it to pass`]);
    expect(real).toMatchObject({ held: [why], error: '' });
    expect(await isCordoned('guarded')).toBe(true);
  });

  test('does not wait for ever for the pods of a node whose kubelet is dead', async () => {
    await post('/api/v1/nodes', { metadata: { name: 'dead' } });
    await pod('dead', 'ghost');
    expect((await drain(['dead'], { check: true })).outlook).toEqual([expect.stringContaining('dead is not ready')]);
    expect(await drain(['dead'], { seconds: 30 })).toMatchObject({ held: [], error: '' });
  });
});
