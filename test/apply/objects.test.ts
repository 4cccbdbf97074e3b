import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';

interface Answer {
  readonly changes: readonly string[];
  readonly chores: readonly string[];
  readonly pending: readonly string[];
  readonly kept: readonly string[];
  readonly error: string;
  readonly diff: readonly unknown[];
}

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

const namespaceOf = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const unknownKind = {
  apiVersion: 'example.org/v1',
  kind: 'Thing',
  metadata: { name: 'thing', namespace: 'default' },
  spec: {},
};

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

describeWith('objects of a bundle on a real API server', apiServerPrograms, (programs) => {
  let server: ApiServer;
  let run: (order: { objects: readonly unknown[] } & Record<string, unknown>) => Answer;

  beforeAll(async () => {
    server = await startApiServer(programs);
    const kubeconfig = parse(readFileSync(server.kubeconfig, 'utf8'));
    const { user } = kubeconfig.users[0];
    const file = (name: string, base64: string) => {
      const path = join(server.directory, name);
      writeFileSync(path, Buffer.from(base64, 'base64'), { mode: 0o600 });
      return path;
    };
    const access = {
      server: kubeconfig.clusters[0].cluster.server,
      ca: file('driver-ca.crt', kubeconfig.clusters[0].cluster['certificate-authority-data']),
      certificate: file('driver.crt', user['client-certificate-data']),
      key: file('driver.key', user['client-key-data']),
    };
    run = (order) => {
      const input = JSON.stringify({ ...access, ...order });
      const driver = join(__dirname, '../ansible/objects_driver.py');
      return JSON.parse(execFileSync('python3', [driver], { input, encoding: 'utf8' }));
    };
  }, 120_000);
  afterAll(() => server?.stop());

  test('are created once, and unchanged ones are not counted as changes', () => {
    const objects = [configMap('a', { x: '1' }), configMap('b', { x: '1' })];
    expect(run({ objects }).changes).toEqual(['ConfigMap/default/a create', 'ConfigMap/default/b create']);
    expect(run({ objects, check: true })).toMatchObject({ changes: [], chores: [] });
    expect(run({ objects }).changes).toEqual([]);
  });

  test('win over what somebody else wrote', async () => {
    await server.request('PUT', '/api/v1/namespaces/default/configmaps/a', configMap('a', { x: 'drifted' }));
    const objects = [configMap('a', { x: '1' }), configMap('b', { x: '1' })];
    expect(run({ objects }).changes).toEqual(['ConfigMap/default/a update']);
    expect((await server.request('GET', '/api/v1/namespaces/default/configmaps/a')).body.data).toEqual({ x: '1' });
  });

  test('check mode says the same and changes nothing', async () => {
    const objects = [configMap('a', { x: '2' })];
    const preview = run({ objects, check: true, diff: true });
    expect(preview.changes).toEqual(['ConfigMap/default/a update', 'ConfigMap/default/b prune']);
    expect(preview.chores).toEqual(['record which objects were applied']);
    expect(JSON.stringify(preview.diff)).toContain('2');
    expect((await server.request('GET', '/api/v1/namespaces/default/configmaps/a')).body.data).toEqual({ x: '1' });
    expect((await server.request('GET', '/api/v1/namespaces/default/configmaps/b')).status).toBe(200);
  });

  test('that configure pods have the pods replaced when they are changed back, and only then', async () => {
    const labels = { app: 'reader' };
    const container = { name: 'reader', image: 'registry.k8s.io/pause:3.10' };
    const volumes = [{ name: 'config', configMap: { name: 'a' } }];
    const template = { metadata: { labels }, spec: { containers: [container], volumes } };
    const reader = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'reader', namespace: 'default' },
      spec: { selector: { matchLabels: labels }, template },
    };
    const objects = [configMap('a', { x: '1' }), reader];
    run({ objects });
    expect(run({ objects }).changes).toEqual([]);
    await server.request('PUT', '/api/v1/namespaces/default/configmaps/a', configMap('a', { x: 'drifted' }));
    expect(run({ objects, check: true }).changes).toEqual([
      'ConfigMap/default/a update',
      'DaemonSet/default/reader replace pods',
    ]);
    // A configuration that changes together with its reader starts one rollout, the reader's own.
    const container2 = { ...container, args: ['again'] };
    const changed = {
      ...reader,
      spec: { ...reader.spec, template: { ...template, spec: { ...template.spec, containers: [container2] } } },
    };
    expect(run({ objects: [configMap('a', { x: '1' }), changed], check: true }).changes).toEqual([
      'ConfigMap/default/a update',
      'DaemonSet/default/reader update',
    ]);
    run({ objects: [configMap('a', { x: '1' }), configMap('b', { x: '1' })] });
  }, 30_000);

  test('of a service that the API server asks get a certificate, which stays until it is unsound', async () => {
    await server.request('POST', '/api/v1/namespaces', namespaceOf('services'));
    const service = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.services.test', annotations: { 'bulwark.dev/serving-certificate': 'example-tls' } },
      spec: {
        group: 'services.test',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { name: 'example', namespace: 'services' },
      },
    };
    const objects = [service];
    const secret = '/api/v1/namespaces/services/secrets/example-tls';
    const made = ['Secret/services/example-tls create', 'APIService/v1.services.test create'];
    expect(run({ objects, check: true }).changes).toEqual(expect.arrayContaining(made));
    expect((await server.request('GET', secret)).status).toBe(404);
    const answer = run({ objects, diff: true });
    expect(answer.changes).toEqual(expect.arrayContaining(made));
    expect(run({ objects }).changes).toEqual([]);

    const { data } = (await server.request('GET', secret)).body;
    expect(JSON.stringify(answer)).not.toContain(data['tls.key']);
    const registered = await server.request('GET', '/apis/apiregistration.k8s.io/v1/apiservices/v1.services.test');
    expect(registered.body.spec).toMatchObject({ caBundle: data['tls.crt'] });
    expect(registered.body.spec).not.toHaveProperty('insecureSkipTLSVerify');

    await server.request('DELETE', secret);
    expect(run({ objects }).changes).toEqual([
      'Secret/services/example-tls create',
      'APIService/v1.services.test update',
    ]);
    expect(run({ objects: [] }).changes).toEqual(
      expect.arrayContaining(['Secret/services/example-tls prune', 'APIService/v1.services.test prune']),
    );
  }, 30_000);

  test('that left the bundle are deleted, but never a namespace', async () => {
    const namespace = namespaceOf('users');
    const inside = { ...configMap('c', {}), metadata: { name: 'c', namespace: 'users' } };
    run({ objects: [namespace, inside, configMap('b', { x: '1' })] });
    const answer = run({ objects: [configMap('a', { x: '1' })] });
    expect(answer.changes).toContain('ConfigMap/default/b prune');
    expect(answer.kept.join()).toContain('Namespace/users left the bundle but stays');
    expect((await server.request('GET', '/api/v1/namespaces/users/configmaps/c')).status).toBe(200);
  });

  test('that must not exist are deleted, once', () => {
    const objects = [configMap('a', { x: '1' })];
    const absent = [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'unwanted' }];
    expect(run({ objects, absent }).changes).toEqual([]);
    run({ objects: [...objects, configMap('unwanted', {})] });
    expect(run({ objects: [...objects, configMap('unwanted', {})], absent }).changes).toEqual([
      'ConfigMap/default/unwanted delete',
    ]);
  });

  test('of a kind that is not there yet wait for it, with a limit', () => {
    const now = run({ objects: [unknownKind] });
    expect(now.pending).toEqual(['example.org/v1|Thing|default|thing']);
    expect(run({ objects: [unknownKind], wait: 1 }).error).toContain('does not know Thing (example.org/v1)');
    const both = run({ objects: [definition, unknownKind], wait: 20 });
    expect(both.error).toBe('');
    expect(both.changes).toContain('Thing/default/thing create');
  });

  test('that are nodes get the declared labels and taints; what others set stays', async () => {
    const node = (name: string) => `/api/v1/nodes/${name}`;
    const foreign = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
    for (const name of ['worker-1', 'stray']) {
      const metadata = { name, labels: { theirs: 'kept' } };
      await server.request('POST', '/api/v1/nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata,
        spec: { taints: [foreign] },
      });
    }
    const objects = [configMap('a', { x: '1' })];
    const declare = (labels: Record<string, string>, taints: readonly unknown[]) =>
      run({ objects, nodes: { 'worker-1': { labels, taints } } });

    const ours = { key: 'example.org/batch', value: 'yes', effect: 'NoSchedule' };
    declare({ disk: 'ssd' }, [ours]);
    const labelled = (await server.request('GET', node('worker-1'))).body;
    expect(labelled.metadata.labels).toMatchObject({ theirs: 'kept', disk: 'ssd' });
    expect(labelled.spec.taints).toEqual(expect.arrayContaining([expect.objectContaining(foreign), ours]));
    expect(declare({ disk: 'ssd' }, [ours]).changes).toEqual([]);

    declare({}, []);
    const bare = (await server.request('GET', node('worker-1'))).body;
    expect(bare.metadata.labels).toEqual({ theirs: 'kept' });
    expect(bare.spec.taints).toContainEqual(expect.objectContaining(foreign));
    expect(JSON.stringify(bare.spec.taints)).not.toContain('example.org/batch');
  });
});
