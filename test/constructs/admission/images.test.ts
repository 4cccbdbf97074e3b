import { apiServerPrograms } from '../../support/api-server';
import { describeWith } from '../../support/judges';
import { expectRefusal } from '../platform-server';
import {
  type AdmissionServer,
  admitted,
  digest,
  goodSpec,
  imageOf,
  makers,
  startAdmissionServer,
} from './admission-server';

describeWith('policies on images, on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: AdmissionServer;

  beforeAll(async () => {
    server = await startAdmissionServer(programs);
  }, 120_000);

  afterAll(() => server?.stop());

  test('a careful pod is admitted, and every kind of workload that makes it', async () => {
    expect(await server.tryIn(goodSpec())).toMatchObject(admitted);
    for (const kind of Object.keys(makers)) {
      const { status, body } = await server.tryMaker(kind, goodSpec());
      expect({ kind, status, message: body.message }).toEqual({ kind, status: 201 });
    }
  });

  describe('registries', () => {
    test.each(['registry.example/shop/web:1', 'registry.example/a/b/c:1', `ghcr.io/our-team/x@${digest}`])(
      '%s is admitted',
      async (image) => {
        expect(await server.tryIn(imageOf(image))).toMatchObject(admitted);
      },
    );

    test.each([
      ['docker.io/library/nginx:1.27', 'docker.io/library/nginx:1.27'],
      ['nginx:1.27', 'docker.io/library/nginx:1.27'],
      ['bitnami/redis:8', 'docker.io/bitnami/redis:8'],
      ['registry.example.evil.org/x:1', 'registry.example.evil.org/x:1'],
      ['registry.example:5000/x:1', 'registry.example:5000/x:1'],
      ['ghcr.io/our-team-evil/x:1', 'ghcr.io/our-team-evil/x:1'],
      ['ghcr.io/x:1', 'ghcr.io/x:1'],
      ['registry.k8s.io/kube-apiserver-evil:1', 'registry.k8s.io/kube-apiserver-evil:1'],
    ])('%s is refused', async (image, full) => {
      const words = [
        'test/image-registries',
        `asks for ${full}, but images come from registry.example, ghcr.io/our-team`,
        'in the spec',
      ];
      expectRefusal(await server.tryIn(imageOf(image)), ...words);
    });

    test('of init containers and image volumes count, and those of every workload', async () => {
      const init = goodSpec();
      init.initContainers = [{ ...init.containers[0], name: 'init', image: 'quay.io/x/y:1' }];
      expectRefusal(await server.tryIn(init), 'quay.io/x/y:1');
      const volume = goodSpec();
      volume.volumes = [{ name: 'data', image: { reference: 'quay.io/x/data:1' } }];
      expectRefusal(await server.tryIn(volume), 'quay.io/x/data:1');
      for (const kind of Object.keys(makers)) {
        expectRefusal(await server.tryMaker(kind, imageOf('quay.io/x/y:1')), `${kind} "x" asks for quay.io/x/y:1`);
      }
    });

    test('of a tenant narrow those of the cluster, whatever its namespace says', async () => {
      expect(await server.tryIn(imageOf('registry.example/tenant/app:1'), 'tenant')).toMatchObject(admitted);
      const only = 'tenant strict: images come from registry.example/tenant only';
      expectRefusal(await server.tryIn(imageOf('registry.example/shop/web:1'), 'tenant'), only);
      for (const kind of Object.keys(makers)) {
        const refused = await server.tryMaker(kind, imageOf('registry.example/shop/web:1'), 'tenant');
        expectRefusal(refused, only, `${kind} "x" asks for registry.example/shop/web:1`);
      }
      const annotations = { 'bulwark.dev/allowed-registries': 'registry.example' };
      await server.request('PATCH', '/api/v1/namespaces/tenant', { metadata: { annotations } });
      expectRefusal(await server.tryIn(imageOf('registry.example/shop/web:1'), 'tenant'), only);
    });
  });

  describe('names of images', () => {
    test.each(['registry.example/web', 'registry.example/web:latest'])('%s is refused', async (image) => {
      expectRefusal(await server.tryIn(imageOf(image)), 'test/image-pinning', image, 'append @sha256');
      expectRefusal(await server.tryMaker('CronJob', imageOf(image)), 'CronJob "x" asks for');
    });
    test.each(['registry.example/web:1', `registry.example/web@${digest}`, `registry.example/web:latest@${digest}`])(
      '%s is admitted',
      async (image) => {
        expect(await server.tryIn(imageOf(image))).toMatchObject(admitted);
      },
    );
  });
});
