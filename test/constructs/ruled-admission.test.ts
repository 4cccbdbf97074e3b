import { stringify } from 'yaml';
import { policiesOf, rulesOf } from '../support/admission-rules';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';
import { clusterAdmin, expectRefusal, type KubernetesObject } from './platform-server';

const ruled = rulesOf('strict');

const pluralOf: Readonly<Record<string, string>> = { Pod: 'pods', Service: 'services' };
const container = { name: 'main', image: 'registry.k8s.io/pause:3.10' };
const pod = (spec: object, name = 'innocent'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { automountServiceAccountToken: false, containers: [container], ...spec },
});
const service = (spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'innocent', namespace: 'default' },
  spec: { ports: [{ port: 80 }], ...spec },
});

/** What users do all day, and no rule may refuse. */
const innocent: readonly (readonly [string, KubernetesObject])[] = [
  ['a plain pod', pod({})],
  ['tolerations of the user’s own taints', pod({ tolerations: [{ key: 'gpu', operator: 'Exists' }] })],
  [
    'the tolerations that a DaemonSet’s pods get',
    pod({ tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }] }),
  ],
  ['a variable with a value', pod({ containers: [{ ...container, env: [{ name: 'MODE', value: 'production' }] }] })],
  ['a Secret as a file', pod({ volumes: [{ name: 'key', secret: { secretName: 'key' } }] })],
  ['a Service within the cluster', service({})],
  ['a Service for names only', service({ type: 'ExternalName', externalName: 'db.example.org', ports: undefined })],
  ['a LoadBalancer without node ports', service({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false })],
];

test('there are rules to judge, each with something that it refuses', () => {
  const ids = ruled.map(({ id }) => id);
  expect(ids).toEqual(
    expect.arrayContaining(['admission/node-ports', 'admission/system-priorities', 'secrets/no-variables']),
  );
  for (const { tries } of ruled) expect(tries.length).toBeGreaterThan(0);
});

describeWith('rules of controls, on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: ApiServer;
  const before = new Map<string, number>();

  const attempt = (object: KubernetesObject, namespace = object.metadata.namespace) => {
    const path = `/api/v1/namespaces/${namespace}/${pluralOf[object.kind]}?dryRun=All`;
    return server.request('POST', path, { ...object, metadata: { ...object.metadata, namespace } }, clusterAdmin);
  };

  beforeAll(async () => {
    server = await startApiServer(programs);
    for (const name of ['default', 'kube-system']) {
      await server.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
      await server.request('POST', `/api/v1/namespaces/${name}/serviceaccounts`, account);
    }
    // A pod from before the rules, which breaks every one that judges pods.
    const old = pod(
      {
        nodeName: 'cp-1',
        tolerations: [{ operator: 'Exists' }],
        containers: [{ ...container, envFrom: [{ secretRef: { name: 'key' } }] }],
      },
      'standing',
    );
    await server.request('POST', '/api/v1/namespaces/default/pods', old, clusterAdmin);
    for (const object of ruled.flatMap(({ tries }) => tries)) {
      before.set(object.metadata.name, (await attempt(object)).status);
    }
    const policies = policiesOf(ruled).map((each) => stringify(each));
    server.kubectl(['apply', '--server-side', '-f', '-'], policies.join('---\n'));
    // A policy that was just written takes a moment to be compiled.
    for (let round = 0; round < 100; round++) {
      const all = await Promise.all(ruled.map(({ tries: [first] }) => attempt(first)));
      if (all.every(({ status }) => status === 403)) return;
      await new Promise((done) => setTimeout(done, 200));
    }
  }, 120_000);

  afterAll(() => server?.stop());

  const each = ruled.flatMap(({ id, tries }) => tries.map((object) => [id, object.metadata.name, object] as const));

  test.each(each)('%s refuses %s, which was admitted before', async (id, name, object) => {
    expect(before.get(name)).toBe(201);
    expectRefusal(await attempt(object), id);
  });

  test.each(innocent)('%s is admitted', async (_, object) => {
    const { status, body } = await attempt(object);
    expect([status, body.message]).toEqual([201, undefined]);
  });

  test.each(each.filter(([, , { kind }]) => kind === 'Pod'))(
    '%s leaves %s to the guard of kube-system',
    async (_id, _name, object) => {
      expect((await attempt(object, 'kube-system')).status).toBe(201);
    },
  );

  test('a pod from before the rules can still be labelled and ended', async () => {
    const path = '/api/v1/namespaces/default/pods/standing';
    const { body } = await server.request('GET', path);
    const labelled = { ...body, metadata: { ...body.metadata, labels: { kept: 'yes' } } };
    const { status, body: answer } = await server.request('PUT', path, labelled, clusterAdmin);
    expect([status, answer.message]).toEqual([200, undefined]);
  });

  test('a debug container that takes a Secret as a variable is refused, also in a pod that stands', async () => {
    const path = '/api/v1/namespaces/default/pods/standing';
    const { body } = await server.request('GET', path);
    const debug = { ...container, name: 'debug', envFrom: [{ secretRef: { name: 'key' } }] };
    const with_ = { ...body, spec: { ...body.spec, ephemeralContainers: [debug] } };
    expectRefusal(
      await server.request('PUT', `${path}/ephemeralcontainers`, with_, clusterAdmin),
      'secrets/no-variables',
    );
  });
});
