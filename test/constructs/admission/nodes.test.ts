import { apiServerPrograms } from '../../support/api-server';
import { describeWith } from '../../support/judges';
import { controller, expectRefusal, pod } from '../platform-server';
import { type AdmissionServer, admitted, goodSpec, startAdmissionServer } from './admission-server';

describeWith('policies that guard nodes, on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: AdmissionServer;

  beforeAll(async () => {
    server = await startAdmissionServer(programs);
  }, 120_000);

  afterAll(() => server?.stop());

  describe('paths of nodes', () => {
    const mounting = (path: string) => ({ ...goodSpec(), volumes: [{ name: 'host', hostPath: { path } }] });

    test.each(['/', '/etc', '/etc/kubernetes/pki', '/var/lib', '/var/lib/etcd/', '/proc/sys/kernel', '/var/log/pods'])(
      '%s is refused in a namespace where anything else may be mounted',
      async (path) => {
        expectRefusal(await server.tryIn(mounting(path), 'agents'), 'test/host-paths', `mounts ${path} of its node`);
        expectRefusal(await server.tryMaker('DaemonSet', mounting(path), 'agents'), 'DaemonSet "x" mounts');
      },
    );

    test.each(['/sys', '/dev', '/var/lib/kubelet/plugins', '/opt/agent', '/etc-agent', '/var/lib/etcd-backup'])(
      '%s is admitted there',
      async (path) => {
        expect(await server.tryIn(mounting(path), 'agents')).toMatchObject(admitted);
      },
    );

    test('volumes of the cluster', async () => {
      const volume = (source: object) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'x' },
        spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'x', ...source },
      });
      const term = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['worker-1'] }] };
      const nodeAffinity = { required: { nodeSelectorTerms: [term] } };
      const local = (path: string) => volume({ local: { path }, nodeAffinity });
      const path = 'api/v1/persistentvolumes';
      expectRefusal(
        await server.ask(path, volume({ hostPath: { path: '/etc' } })),
        'test/host-paths',
        'the path /etc of',
      );
      expectRefusal(
        await server.ask(path, volume({ hostPath: { path: '/mnt/disk' } })),
        'Use a local volume below /mnt/',
      );
      expectRefusal(await server.ask(path, local('/etc/kubernetes')), 'is /etc/kubernetes of its node');
      expect(await server.ask(path, local('/mnt/disk'))).toMatchObject(admitted);
      expect(await server.ask(path, volume({ nfs: { server: 'nfs.example', path: '/x' } }))).toMatchObject(admitted);
    });
  });

  describe('the control planes', () => {
    const tolerating = (...tolerations: object[]) => ({ ...goodSpec(), tolerations });
    const controlPlane = { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' };

    test.each([
      ['their taint', controlPlane, 'tolerates node-role.kubernetes.io/control-plane'],
      ['every taint', { operator: 'Exists' }, 'tolerates every taint'],
    ])('are not for workloads that tolerate %s', async (_name, toleration, words) => {
      expectRefusal(await server.tryIn(tolerating(toleration)), 'test/node-placement', words);
      expectRefusal(await server.tryMaker('StatefulSet', tolerating(toleration)), words);
      expect(await server.tryIn(tolerating(toleration), 'agents')).toMatchObject(admitted);
    });

    test('nor for pods that name their node', async () => {
      const named = { ...goodSpec(), nodeName: 'cp-1' };
      expectRefusal(await server.tryIn(named), 'test/node-placement', 'names its node, cp-1', 'Use nodeSelector');
      expectRefusal(await server.tryMaker('Deployment', named), 'names its node');
      expect(await server.tryIn(named, 'agents')).toMatchObject(admitted);
    });

    test('nor for pods that tolerate their taint later', async () => {
      const pods = '/api/v1/namespaces/shop/pods';
      const made = await server.request('POST', pods, pod(goodSpec(), 'later'), controller('replicaset-controller'));
      expect(made.status).toBe(201);
      const { body } = await server.request('GET', `${pods}/later`);
      const more = (...added: object[]) => ({
        ...body,
        spec: { ...body.spec, tolerations: [...(body.spec.tolerations ?? []), ...added] },
      });
      const put = (changed: object) => server.request('PUT', `${pods}/later`, changed);
      expectRefusal(await put(more(controlPlane)), 'test/node-placement', controlPlane.key);
      expect((await put(more({ key: 'gpu', operator: 'Exists' }))).status).toBe(200);
    });

    test('other taints may be tolerated, and nodes selected', async () => {
      const spec = tolerating({ key: 'gpu', operator: 'Exists' });
      spec.nodeSelector = { 'kubernetes.io/hostname': 'worker-1' };
      expect(await server.tryIn(spec)).toMatchObject(admitted);
    });
  });

  describe('debug containers', () => {
    const debug = (namespace: string) => () =>
      server.kubectl([
        'debug',
        '-n',
        namespace,
        'pod/running',
        '--image=registry.example/tools:1',
        '--profile=restricted',
        '--target=main',
        '--attach=false',
      ]);
    beforeAll(async () => {
      for (const namespace of ['shop', 'debugged']) {
        const made = await server.request(
          'POST',
          `/api/v1/namespaces/${namespace}/pods`,
          pod(goodSpec(), 'running'),
          controller('replicaset-controller'),
        );
        expect(made.status).toBe(201);
      }
    });

    test('are refused', () => {
      expect(debug('shop')).toThrow('test/debug-containers: pods of namespace shop get no debug containers');
    });
    test('are admitted where the namespace is labelled for them', () => {
      expect(debug('debugged')).not.toThrow();
    });
    test('may not bring an image that pods may not have', () => {
      const args = ['debug', '-n', 'debugged', 'pod/running', '--image=docker.io/library/busybox:1', '--attach=false'];
      expect(() => server.kubectl(args)).toThrow('docker.io/library/busybox:1, but images come from');
    });
  });
});
