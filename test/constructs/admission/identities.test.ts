import { apiServerPrograms } from '../../support/api-server';
import { describeWith } from '../../support/judges';
import { expectRefusal, type KubernetesObject } from '../platform-server';
import { type AdmissionServer, admitted, startAdmissionServer } from './admission-server';

describeWith('policies on identities, on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: AdmissionServer;

  beforeAll(async () => {
    server = await startAdmissionServer(programs);
  }, 120_000);

  afterAll(() => server?.stop());

  describe('bindings', () => {
    const rbac = 'rbac.authorization.k8s.io';
    const binding = (kind: string, subjects: KubernetesObject[], name = 'quick-fix') => ({
      apiVersion: `${rbac}/v1`,
      kind,
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' },
      subjects,
    });
    const clusterBindings = `apis/${rbac}/v1/clusterrolebindings`;
    const bindings = `apis/${rbac}/v1/namespaces/shop/rolebindings`;
    const group = (name: string) => ({ kind: 'Group', apiGroup: rbac, name });
    const user = (name: string) => ({ kind: 'User', apiGroup: rbac, name });
    const account = (name: string) => ({ kind: 'ServiceAccount', name, namespace: 'shop' });

    test.each([
      user('system:anonymous'),
      user('system:serviceaccount:shop:default'),
      group('system:unauthenticated'),
      group('system:authenticated'),
      group('system:serviceaccounts'),
      group('system:serviceaccounts:shop'),
      account('default'),
    ])('to $kind $name are refused, to cluster-admin as well', async (subject) => {
      const words = ['test/binding-subjects', `${subject.kind} ${subject.name}`, 'Bind a group of people'];
      expectRefusal(await server.ask(clusterBindings, binding('ClusterRoleBinding', [subject])), ...words);
      expectRefusal(await server.ask(bindings, binding('RoleBinding', [account('app'), subject])), ...words);
    });

    test.each([user('jane'), group('oidc:team'), account('app'), account('default-backend')])(
      'to $kind $name are admitted',
      async (subject) => {
        expect(await server.ask(clusterBindings, binding('ClusterRoleBinding', [subject]))).toMatchObject(admitted);
        expect(await server.ask(bindings, binding('RoleBinding', [subject]))).toMatchObject(admitted);
      },
    );

    test('keep subjects that they had, and get no more', async () => {
      const path = `${clusterBindings}/system:discovery`;
      const { body } = await server.request('GET', `/${path}`);
      expect(body.subjects).toHaveLength(1);
      const labelled = { ...body, metadata: { ...body.metadata, labels: { ...body.metadata.labels, seen: 'yes' } } };
      expect(await server.ask(path, labelled, 'PUT')).toMatchObject({ status: 200 });
      const more = { ...body, subjects: [...body.subjects, group('system:unauthenticated')] };
      expectRefusal(await server.ask(path, more, 'PUT'), 'Group system:unauthenticated');
    });

    test('of the API server itself and of the discovery document are admitted', async () => {
      const own = { user: 'system:apiserver', groups: ['system:masters'] };
      const discovery = binding('ClusterRoleBinding', [group('system:authenticated')]);
      expect(await server.ask(clusterBindings, discovery, 'POST', own)).toMatchObject(admitted);
      const document = (name: string) => ({
        ...binding('RoleBinding', [user('system:anonymous')], name),
        roleRef: { apiGroup: rbac, kind: 'Role', name },
      });
      const path = `apis/${rbac}/v1/namespaces/kube-public/rolebindings`;
      expect(await server.ask(path, document('kubeadm:bootstrap-signer-clusterinfo'))).toMatchObject(admitted);
      expectRefusal(await server.ask(path, document('other')), 'User system:anonymous');
    });
  });

  test('Secrets that hold tokens for ever are refused, others are admitted', async () => {
    const path = 'api/v1/namespaces/shop/secrets';
    const secret = (type: string) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      type,
      metadata: { name: 'x', annotations: { 'kubernetes.io/service-account.name': 'default' } },
    });
    expectRefusal(
      await server.ask(path, secret('kubernetes.io/service-account-token')),
      'test/legacy-tokens',
      'kubectl create token',
    );
    expect(await server.ask(path, secret('Opaque'))).toMatchObject(admitted);
  });

  describe('levels of namespaces', () => {
    const labelled = (name: string, more: object) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: more },
    });
    const enforce = (level: string, version?: string) => ({
      'pod-security.kubernetes.io/enforce': level,
      ...(version && { 'pod-security.kubernetes.io/enforce-version': version }),
    });
    const runner = { user: 'bulwark:run', groups: ['system:masters'] };

    test.each(['baseline', 'privileged'])('a new namespace gets no %s', async (level) => {
      expectRefusal(
        await server.ask('api/v1/namespaces', labelled('new', enforce(level))),
        'test/namespace-levels',
        `namespace "new" keeps Pod Security level restricted and gets no ${level}`,
        'changed in the spec',
      );
      expect(await server.ask('api/v1/namespaces', labelled('new', enforce(level)), 'POST', runner)).toMatchObject(
        admitted,
      );
    });

    test('restricted, today’s rules and no label at all are admitted', async () => {
      for (const labels of [
        {},
        enforce('restricted'),
        enforce('restricted', 'v1.36'),
        enforce('restricted', 'latest'),
      ]) {
        expect(await server.ask('api/v1/namespaces', labelled('new', labels))).toMatchObject(admitted);
      }
    });

    test('the rules of an older release are refused', async () => {
      expectRefusal(
        await server.ask('api/v1/namespaces', labelled('new', enforce('restricted', 'v1.0'))),
        'is held to the rules of v1.36, not to those of v1.0',
      );
    });

    test('a namespace is lowered to the level of the spec and no further', async () => {
      const to = (level: string) => ({ metadata: { labels: enforce(level) } });
      expectRefusal(
        await server.ask('api/v1/namespaces/shop', to('baseline'), 'PATCH'),
        'keeps Pod Security level restricted',
      );
      expect(await server.ask('api/v1/namespaces/agents', to('baseline'), 'PATCH')).toMatchObject({ status: 200 });
      expect(await server.ask('api/v1/namespaces/agents', { metadata: { labels: { a: 'b' } } }, 'PATCH')).toMatchObject(
        {
          status: 200,
        },
      );
    });
  });
});
