import { readPod } from '../../../lib/pod-security/pod';
import { judgePod } from '../../../lib/pod-security/pod-security';
import { RandomPods } from '../../lib/pod-security/random-pods';
import { apiServerPrograms } from '../../support/api-server';
import { describeWith } from '../../support/judges';
import { expectRefusal, jessie } from '../platform-server';
import {
  type AdmissionServer,
  admitted,
  deployment,
  goodSpec,
  labels,
  makers,
  selector,
  startAdmissionServer,
  workload,
} from './admission-server';

describeWith('policies on templates, on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: AdmissionServer;

  beforeAll(async () => {
    server = await startAdmissionServer(programs);
  }, 120_000);

  afterAll(() => server?.stop());

  describe('templates', () => {
    test.each(Object.keys(makers))('%s with the pod of the thesis’ attack is refused', async (kind) => {
      const spec = { ...jessie.spec, containers: [{ ...jessie.spec.containers[0], image: 'registry.example/j:1' }] };
      expectRefusal(
        await server.tryMaker(kind, spec),
        'test/workload-templates',
        `the pods of ${kind} "x" would be refused at Pod Security level restricted of namespace shop: privileged containers, hostPath volumes`,
      );
    });

    test('are judged in kube-system by its guard', async () => {
      for (const kind of Object.keys(makers)) {
        expectRefusal(
          await server.tryMaker(kind, jessie.spec, 'kube-system'),
          'test/exempt-namespace-guard',
          `${kind} "x" is not on the allow-list of namespace kube-system`,
          'jessie is privileged',
        );
      }
      for (const name of ['coredns', 'cilium-operator']) {
        expect(await server.tryMaker('Deployment', server.templateOf('Deployment', name), 'kube-system')).toMatchObject(
          admitted,
        );
      }
    });

    test('that are there already can be scaled and labelled, but not made worse', async () => {
      const path = 'apis/apps/v1/namespaces/shop/deployments';
      expect((await server.request('POST', `/${path}`, deployment(goodSpec()))).status).toBe(201);
      expect(await server.ask(`${path}/x`, { spec: { replicas: 3 } }, 'PATCH')).toMatchObject({ status: 200 });
      const worse = { spec: { template: { spec: { hostNetwork: true } } } };
      expectRefusal(await server.ask(`${path}/x`, worse, 'PATCH'), 'test/workload-templates', 'hostNetwork');
    });

    test('that ran before the policies came can be scaled', async () => {
      const { body } = await server.request('GET', '/apis/apps/v1/namespaces/kube-system/deployments/old');
      expect(body.spec.template.spec.hostPID).toBe(true);
      const scaled = await server.ask(
        'apis/apps/v1/namespaces/kube-system/deployments/old',
        { spec: { replicas: 2 } },
        'PATCH',
      );
      expect(scaled).toMatchObject({ status: 200 });
    });

    test('are judged as Pod Security judges pods: 200 random ones, at both levels', async () => {
      const wanted = 200;
      for (const level of ['baseline', 'restricted'] as const) {
        const metadata = { name: level, labels: { 'pod-security.kubernetes.io/enforce': level } };
        const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata };
        const runner = { user: 'bulwark:run', groups: ['system:masters'] };
        expect((await server.request('POST', '/api/v1/namespaces', namespace, runner)).status).toBe(201);
      }
      const random = new RandomPods(7);
      const counts = { admitted: 0, refused: 0 };
      const disagreements: unknown[] = [];
      for (let index = 0; index < wanted; index += 1) {
        const { metadata, spec } = random.next(index);
        for (const level of ['baseline', 'restricted'] as const) {
          const object = workload('Deployment', {
            selector,
            template: { metadata: { labels, annotations: metadata.annotations }, spec },
          });
          const { status, body } = await server.ask(`apis/apps/v1/namespaces/${level}/deployments`, object);
          if (status === 422) continue;
          const expected = judgePod(readPod(metadata, spec), level).map(({ violation }) => violation.reason);
          const theirs = status === 403 && (body.message as string).includes('test/workload-templates');
          counts[theirs ? 'refused' : 'admitted'] += 1;
          if (theirs !== expected.length > 0) disagreements.push({ level, spec, expected, message: body.message });
        }
      }
      expect(disagreements).toEqual([]);
      expect(counts.admitted).toBeGreaterThan(10);
      expect(counts.refused).toBeGreaterThan(50);
    }, 120_000);
  });
});
