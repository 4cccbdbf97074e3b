import { apiServerPrograms } from '../support/api-server';
import { describeWith } from '../support/judges';
import {
  clusterAdmin,
  expectRefusal,
  type KubernetesObject,
  type PlatformServer,
  plainSpec,
  pod,
  serviceAccount,
  startPlatformServer,
} from './platform-server';

describeWith('identities, on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: PlatformServer;

  beforeAll(async () => {
    server = await startPlatformServer(programs);
  }, 120_000);

  afterAll(() => server?.stop());

  describe('default service accounts', () => {
    const accounts = '/api/v1/namespaces/made-later/serviceaccounts';
    beforeAll(async () => {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'made-later' } };
      await server.request('POST', '/api/v1/namespaces', namespace);
    });

    test('that of a namespace made later gets no token', async () => {
      const { status, body } = await server.request('POST', accounts, serviceAccount('default'));
      expect({ status, automount: body.automountServiceAccountToken }).toEqual({ status: 201, automount: false });
    });

    test('cannot be given one again', async () => {
      const on = { automountServiceAccountToken: true };
      expectRefusal(
        await server.request('PATCH', `${accounts}/default`, on, clusterAdmin),
        'test/tokenless-default-accounts',
        'the default service account of namespace made-later gets no token',
      );
    });

    test('those of every namespace that is there have none', async () => {
      const { body } = await server.request('GET', '/api/v1/serviceaccounts?fieldSelector=metadata.name=default');
      const states = body.items.map((account: KubernetesObject) => [
        account.metadata.namespace,
        account.automountServiceAccountToken,
      ]);
      expect(states.length).toBeGreaterThanOrEqual(6);
      expect(states.filter(([, automount]: [string, boolean]) => automount !== false)).toEqual([]);
    });

    test('a pod that asks for a token with the default account is refused', async () => {
      expectRefusal(
        await server.tryPod(pod(plainSpec(true)), clusterAdmin, 'made-later'),
        'test/tokenless-default-accounts',
        'pods of the default service account get no token',
      );
    });

    test('a pod that projects a token itself is refused', async () => {
      const spec = plainSpec();
      spec.volumes = [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }];
      expectRefusal(await server.tryPod(pod(spec), clusterAdmin, 'made-later'), 'get no token');
    });

    test('a plain pod starts without a token, one with its own account gets one', async () => {
      const without = await server.tryPod(pod(plainSpec()), clusterAdmin, 'made-later');
      expect({ status: without.status, volumes: without.body.spec.volumes }).toEqual({ status: 201 });
      await server.request('POST', accounts, serviceAccount('api-user'));
      const withAccount = await server.tryPod(pod(plainSpec(undefined, 'api-user')), clusterAdmin, 'made-later');
      expect(withAccount.status).toBe(201);
      expect(withAccount.body.spec.volumes).toHaveLength(1);
    });
  });

  describe('the approver of kubelet certificates', () => {
    const may = async (resourceAttributes: object): Promise<boolean> => {
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user: 'bulwark:csr-approver', groups: ['system:authenticated'], resourceAttributes },
      };
      const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
      return (await server.request('POST', path, review)).body.status.allowed;
    };
    const certificates = { group: 'certificates.k8s.io', version: 'v1' };
    const requests = { ...certificates, resource: 'certificatesigningrequests' };
    const signer = (name: string) => ({ ...certificates, resource: 'signers', verb: 'approve', name });

    test.each([
      ['lists requests', { ...requests, verb: 'list' }],
      ['updates approvals', { ...requests, subresource: 'approval', verb: 'update' }],
      ['approves serving certificates', signer('kubernetes.io/kubelet-serving')],
      ['approves client certificates of kubelets', signer('kubernetes.io/kube-apiserver-client-kubelet')],
    ])('%s', async (_name, attributes) => {
      expect(await may(attributes)).toBe(true);
    });

    test.each([
      ['make requests', { ...requests, verb: 'create' }],
      ['delete requests', { ...requests, verb: 'delete' }],
      ['write certificates', { ...requests, subresource: 'status', verb: 'update' }],
      ['approve client certificates of people', signer('kubernetes.io/kube-apiserver-client')],
      ['read Secrets', { resource: 'secrets', verb: 'get', namespace: 'kube-system' }],
      ['list nodes', { resource: 'nodes', verb: 'list' }],
    ])('may not %s', async (_name, attributes) => {
      expect(await may(attributes)).toBe(false);
    });
  });

  describe('the scheduled verification', () => {
    const may = async (resourceAttributes: object): Promise<boolean> => {
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user: 'bulwark:verifier', groups: ['system:authenticated'], resourceAttributes },
      };
      const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
      return (await server.request('POST', path, review)).body.status.allowed;
    };
    const rbac = 'rbac.authorization.k8s.io';
    const cilium = { namespace: 'kube-system', resource: 'configmaps', verb: 'get', name: 'cilium-config' };

    test.each([
      ['reads the configuration of kubelets', { resource: 'nodes', subresource: 'configz', verb: 'get', name: 'cp-1' }],
      ['lists cluster role bindings', { group: rbac, resource: 'clusterrolebindings', verb: 'list' }],
      ['asks who may do what', { group: 'authorization.k8s.io', resource: 'subjectaccessreviews', verb: 'create' }],
      ['reads the configuration of the network', cilium],
    ])('%s', async (_name, attributes) => {
      expect(await may(attributes)).toBe(true);
    });

    test.each([
      ['read Secrets', { resource: 'secrets', verb: 'get', namespace: 'kube-system' }],
      ['list Secrets', { resource: 'secrets', verb: 'list' }],
      ['read other configuration', { ...cilium, name: 'kubeadm-config' }],
      ['use the API of kubelets', { resource: 'nodes', subresource: 'proxy', verb: 'get', name: 'cp-1' }],
      ['create pods', { resource: 'pods', verb: 'create', namespace: 'default' }],
      ['change cluster role bindings', { group: rbac, resource: 'clusterrolebindings', verb: 'update' }],
      ['make tokens', { resource: 'serviceaccounts', subresource: 'token', verb: 'create', namespace: 'kube-system' }],
    ])('may not %s', async (_name, attributes) => {
      expect(await may(attributes)).toBe(false);
    });
  });
});
