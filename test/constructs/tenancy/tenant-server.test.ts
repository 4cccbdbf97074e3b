import { InteractiveAccess, TeamRole } from '../../../constructs/tenancy/team-role';
import {
  type ApiResponse,
  type ApiServer,
  apiServerPrograms,
  type Requester,
  startApiServer,
} from '../../support/api-server';
import { describeWith } from '../../support/judges';
import { expectRefusal, type KubernetesObject, pod } from '../platform-server';
import { bank, objectsOfTenants, shop } from './tenant-fixture';

const member = (group: string): Requester => ({
  user: `oidc:${group}`,
  groups: [`oidc:${group}`, 'system:authenticated'],
});
const developer = member('shop-developers');

const good: KubernetesObject = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'main',
      image: 'registry.example/shop/web:1',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};
const withImage = (image: string) => ({ ...good, containers: [{ ...good.containers[0], image }] });

const administrator: Requester = { user: 'kubernetes-super-admin', groups: ['system:masters'] };

const rbac = 'rbac.authorization.k8s.io';
const registration = 'admissionregistration.k8s.io';

const forbidden: readonly (readonly [verb: string, resource: string, group: string])[] = [
  ['bind', 'clusterroles', rbac],
  ['escalate', 'roles', rbac],
  ['create', 'rolebindings', rbac],
  ['create', 'clusterrolebindings', rbac],
  ['impersonate', 'users', ''],
  ['impersonate', 'groups', ''],
  ['impersonate', 'serviceaccounts', ''],
  ['create', 'serviceaccounts/token', ''],
  ['get', 'nodes/proxy', ''],
  ['create', 'nodes/proxy', ''],
  ['patch', 'nodes', ''],
  ['patch', 'nodes/status', ''],
  ['create', 'endpoints', ''],
  ['create', 'endpointslices', 'discovery.k8s.io'],
  ['patch', 'endpointslices', 'discovery.k8s.io'],
  ['patch', 'services/status', ''],
  ['create', 'mutatingwebhookconfigurations', registration],
  ['create', 'validatingwebhookconfigurations', registration],
  ['delete', 'validatingadmissionpolicies', registration],
  ['delete', 'validatingadmissionpolicybindings', registration],
  ['create', 'certificatesigningrequests', 'certificates.k8s.io'],
  ['update', 'certificatesigningrequests/approval', 'certificates.k8s.io'],
  ['create', 'persistentvolumes', ''],
  ['patch', 'namespaces', ''],
  ['patch', 'resourcequotas', ''],
  ['delete', 'limitranges', ''],
  ['create', 'pods/exec', ''],
  ['get', 'pods/exec', ''],
  ['create', 'pods/attach', ''],
  ['create', 'pods/portforward', ''],
  ['create', 'pods/proxy', ''],
  ['get', 'services/proxy', ''],
  ['patch', 'pods/ephemeralcontainers', ''],
  ['create', 'ciliumnetworkpolicies', 'cilium.io'],
  ['*', '*', '*'],
];

describeWith('tenants on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: ApiServer;
  const inShop = (resource: string, object: KubernetesObject, as?: Requester): Promise<ApiResponse> => {
    const group = resource === 'deployments' ? '/apis/apps/v1' : '/api/v1';
    return server.request('POST', `${group}/namespaces/shop/${resource}?dryRun=All`, object, as);
  };
  const tryPod = (spec: KubernetesObject, as?: Requester) => inShop('pods', pod(spec), as);

  beforeAll(async () => {
    server = await startApiServer(programs);
    for (const object of objectsOfTenants(shop, bank)) {
      server.kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(object));
    }
    for (const name of ['shop', 'bank']) {
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
      await server.request('POST', `/api/v1/namespaces/${name}/serviceaccounts`, account);
      await server.request('POST', `/api/v1/namespaces/${name}/secrets`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'password' },
      });
    }
    for (const name of ['business', 'other']) {
      const group = '/apis/scheduling.k8s.io/v1/priorityclasses';
      await server.request('POST', group, {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value: 1000,
      });
    }
    await fillQuotas(server);
    await inForce(async () => (await tryPod(withImage('elsewhere.example/web:1'))).status === 403);
    await inForce(async () => (await inShop('persistentvolumeclaims', claim('slow'))).status === 403);
  }, 120_000);

  afterAll(() => server?.stop());

  test('the API server takes every object as it was written', () => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objectsOfTenants(shop, bank) });
    const said = server.kubectl(['apply', '--server-side', '--validate=strict', '--dry-run=server', '-f', '-'], list);
    expect(said.trim().split('\n')).toHaveLength(objectsOfTenants(shop, bank).length);
  });

  test("a developer works in the own namespaces, and reads nothing of a neighbour's", async () => {
    const read = (path: string) => server.request('GET', path, undefined, developer);
    expect((await read('/api/v1/namespaces/shop/pods')).status).toBe(200);
    expect((await read('/api/v1/namespaces/shop-test/pods')).status).toBe(200);
    for (const resource of ['pods', 'configmaps', 'secrets', 'services']) {
      expectRefusal(await read(`/api/v1/namespaces/bank/${resource}`), `cannot list resource "${resource}"`, '"bank"');
      expectRefusal(await read(`/api/v1/${resource}`), `cannot list resource "${resource}"`, 'at the cluster scope');
    }
    // The same question of somebody who may.
    const neighbour = await server.request('GET', '/api/v1/namespaces/bank/pods', undefined, member('bank-developers'));
    expect(neighbour.status).toBe(200);
  });

  test('a developer puts Secrets there and cannot read them; an operator can', async () => {
    const secret = '/api/v1/namespaces/shop/secrets';
    const made = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'made' } };
    expect((await server.request('POST', `${secret}?dryRun=All`, made, developer)).status).toBe(201);
    expectRefusal(
      await server.request('GET', `${secret}/password`, undefined, developer),
      'cannot get resource "secrets"',
    );
    expectRefusal(
      await server.request('PATCH', `${secret}/password`, {}, developer),
      'cannot patch resource "secrets"',
    );
    expect((await server.request('GET', `${secret}/password`, undefined, member('shop-operators'))).status).toBe(200);
  });

  test('quotas refuse ports on every node, load balancers and foreign priority', async () => {
    const service = (type: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'probe' },
      spec: { type, ports: [{ port: 80 }] },
    });
    expectRefusal(
      await inShop('services', service('NodePort'), developer),
      'exceeded quota: bulwark-tenant',
      'services.nodeports=0',
    );
    expectRefusal(await inShop('services', service('LoadBalancer'), developer), 'services.loadbalancers=0');
    expect((await inShop('services', service('ClusterIP'), developer)).status).toBe(201);
    expectRefusal(await tryPod({ ...good, priorityClassName: 'other' }), 'exceeded quota: bulwark-tenant-priority');
    expect((await tryPod({ ...good, priorityClassName: 'business' })).status).toBe(201);
    expect((await tryPod(good)).status).toBe(201);
  });

  test('a container that asks for nothing gets the defaults, one that asks for too much is refused', async () => {
    const made = await tryPod(good);
    expect(made.body.spec.containers[0].resources).toEqual({
      limits: { cpu: '500m', 'ephemeral-storage': '256Mi', memory: '256Mi' },
      requests: { cpu: '50m', 'ephemeral-storage': '64Mi', memory: '64Mi' },
    });
    const greedy = { ...good, containers: [{ ...good.containers[0], resources: { limits: { memory: '9Gi' } } }] };
    expectRefusal(await tryPod(greedy), 'exceeded quota: bulwark-tenant', 'limits.memory');
  });

  test.each([
    ['another registry', 'docker.io/library/redis:7'],
    ['no registry at all', 'redis'],
    ['a registry whose name begins alike', 'registry.example.evil/shop/web:1'],
    ['a repository whose name begins alike', 'registry.example/shopping/web:1'],
  ])('an image of %s is refused', async (_what, image) => {
    expectRefusal(
      await tryPod(withImage(image)),
      'tenant shop: images come from registry.example/shop only',
      image,
      'Push the image',
    );
  });

  test('so are init containers, debug containers and volumes that are images', async () => {
    const strange = 'docker.io/library/busybox:1';
    const init = { ...good.containers[0], name: 'init', image: strange };
    expectRefusal(await tryPod({ ...good, initContainers: [init] }), strange);
    const volumes = [{ name: 'data', image: { reference: strange } }];
    expectRefusal(await tryPod({ ...good, volumes }), strange);
    const pods = '/api/v1/namespaces/shop/pods';
    await server.request('POST', pods, pod(good, 'standing'));
    const { body } = await server.request('GET', `${pods}/standing`);
    const debug = { ...good.containers[0], name: 'debug', image: strange };
    const ask = (image: string) =>
      server.request('PUT', `${pods}/standing/ephemeralcontainers?dryRun=All`, {
        ...body,
        spec: { ...body.spec, ephemeralContainers: [{ ...debug, image }] },
      });
    expectRefusal(await ask(strange), strange);
    expect((await ask(good.containers[0].image)).status).toBe(200);
  });

  test('claims name a storage class of the tenant', async () => {
    expect((await inShop('persistentvolumeclaims', claim('fast'), developer)).status).toBe(201);
    expectRefusal(
      await inShop('persistentvolumeclaims', claim('slow'), developer),
      'storage class slow is not allowed',
      'one of fast',
    );
    expectRefusal(await inShop('persistentvolumeclaims', claim(), developer), 'without storage class');
    const old = claim('fast', { 'volume.beta.kubernetes.io/storage-class': 'slow' });
    expectRefusal(await inShop('persistentvolumeclaims', old, developer), 'storage class slow');
  });

  test('requests of the tenant and of its service accounts flow through its own priority level', async () => {
    const group = '/apis/flowcontrol.apiserver.k8s.io/v1';
    const uidOf = async (kind: string) =>
      (await server.request('GET', `${group}/${kind}/bulwark-tenant-shop`)).body.metadata.uid;
    const [schema, level] = [await uidOf('flowschemas'), await uidOf('prioritylevelconfigurations')];
    const flowOf = async (as: Requester) => {
      const { headers } = await server.request('GET', '/api/v1/namespaces/shop/pods', undefined, as);
      return [headers['x-kubernetes-pf-flowschema-uid'], headers['x-kubernetes-pf-prioritylevel-uid']];
    };
    const account = (namespace: string): Requester => ({
      user: `system:serviceaccount:${namespace}:default`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    });
    expect(await flowOf(developer)).toEqual([schema, level]);
    expect(await flowOf(account('shop-test'))).toEqual([schema, level]);
    for (const neighbour of [member('bank-developers'), account('bank'), member('nobody')]) {
      const flow = await flowOf(neighbour);
      expect(flow[0]).toMatch(/^[0-9a-f-]{36}$/);
      expect(flow).not.toContain(schema);
      expect(flow).not.toContain(level);
    }
  });

  describe.each(Object.values(TeamRole))('the role %s, as the authorizer sees it', (role) => {
    const as = member(`shop-${role}s`);

    test.each(forbidden)('may not %s %s', async (verb, resource, group) => {
      expect(await allowed(as, verb, resource, group)).toBe(false);
      // The administrator may, so the question was well put.
      expect(await allowed(administrator, verb, resource, group)).toBe(true);
    });

    test('may what it is there for', async () => {
      expect(await allowed(as, 'list', 'pods')).toBe(true);
      expect(await allowed(as, 'get', 'pods/log')).toBe(true);
      expect(await allowed(as, 'create', 'deployments', 'apps')).toBe(role !== 'viewer');
      expect(await allowed(as, 'get', 'secrets')).toBe(role === 'operator');
    });
  });

  test.each(Object.values(InteractiveAccess))('%s is for those who were granted it', async (access) => {
    const resource = `pods/${access.replace('-', '')}`;
    expect(await allowed(member('shop-on-call'), 'create', resource)).toBe(true);
    expect(await allowed(member('shop-on-call'), 'create', resource, '', 'shop-test')).toBe(false);
    expect(await allowed(member('shop-on-call'), 'create', resource, '', 'bank')).toBe(false);
  });

  /** Asks the authorizer, not this program's idea of it. */
  async function allowed(as: Requester, verb: string, name: string, group = '', namespace = 'shop'): Promise<boolean> {
    const [resource, subresource] = name.split('/');
    const { status, body } = await server.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { ...as, resourceAttributes: { namespace, verb, group, resource, subresource } },
    });
    expect(status).toBe(201);
    return body.status.allowed;
  }
});

const claim = (storageClassName?: string, annotations: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', annotations },
  spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});

/** Copies what quotas allow into their status, as the controller manager does; admission reads it there. */
async function fillQuotas(server: ApiServer): Promise<void> {
  const { body } = await server.request('GET', '/api/v1/namespaces/shop/resourcequotas');
  for (const { metadata, spec } of body.items) {
    const used = Object.fromEntries(Object.keys(spec.hard).map((resource) => [resource, '0']));
    const path = `/api/v1/namespaces/shop/resourcequotas/${metadata.name}/status`;
    const { status } = await server.request('PATCH', path, { status: { hard: spec.hard, used } });
    expect(status).toBe(200);
  }
}

/** Policies that were just written take a moment. */
async function inForce(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the policies did not come into force within 20 s');
}
