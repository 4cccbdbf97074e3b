import { App, Chart } from 'cdk8s';
import { ImageRegistries } from '../../../constructs/admission/image-registries';
import { TenantBoundary } from '../../../constructs/tenancy/tenant-boundary';
import type { Fields } from '../../../lib/fields';
import { comesFrom, fullImageName } from '../../../lib/image-name';
import { judgeManifests } from '../../../lib/lint/judge-manifest';

const chart = new Chart(new App(), 'policies');
new TenantBoundary(chart, 'shop', {
  tenant: 'shop',
  namespaces: ['shop'],
  registries: ['registry.example/shop'],
  storageClasses: [],
});
new ImageRegistries(chart, 'cluster', { registries: ['registry.example'], exempt: ['kube-system'], control: 'test' });
const policies = chart.toJson() as Fields[];

const podIn = (namespace: string, ...images: readonly string[]): Fields => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace },
  spec: {
    initContainers: images.slice(1).map((image, index) => ({ name: `init-${index}`, image })),
    containers: [{ name: 'web', image: images[0] }],
  },
});

const foundIn = (...objects: readonly Fields[]) =>
  judgeManifests([...policies, ...objects], '2026-01-01').flatMap(({ findings }) =>
    findings.filter(({ control }) => control === 'images/registries').map(({ path, message }) => `${path}: ${message}`),
  );

test('what the policies of the cluster and of a tenant refuse is refused offline', () => {
  expect(foundIn(podIn('shop', 'registry.example/shop/web:1'), podIn('bank', 'registry.example/bank/web:1'))).toEqual(
    [],
  );
  expect(foundIn(podIn('shop', 'registry.example/bank/web:1', 'registry.example/shop/init:1'))).toEqual([
    'spec.containers[0].image: registry.example/bank/web:1 is refused by bulwark-tenant-shop-images: images come from registry.example/shop only',
  ]);
  expect(foundIn(podIn('bank', 'registry.example/bank/web:1', 'redis'))).toEqual([
    'spec.initContainers[0].image: docker.io/library/redis is refused by bulwark-image-registries: images come from registry.example only',
  ]);
  expect(foundIn(podIn('kube-system', 'redis'))).toEqual([]);
});

test('a namespace does not say itself where its images come from', () => {
  const annotations = { 'bulwark.dev/allowed-registries': 'docker.io' };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', annotations } };
  expect(foundIn(namespace, podIn('shop', 'docker.io/library/redis:8'))).toHaveLength(2);
});

test('a policy that is bound to nothing, only warns, or is somebody else’s refuses nothing', () => {
  const judge = (...objects: readonly Fields[]) =>
    judgeManifests([...objects, podIn('shop', 'redis')], '2026-01-01').flatMap(({ findings }) =>
      findings.filter(({ control }) => control === 'images/registries'),
    );
  const unbound = policies.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
  expect(judge(...unbound)).toEqual([]);
  const warning = policies.map((object) =>
    object.kind === 'ValidatingAdmissionPolicyBinding'
      ? { ...object, spec: { ...(object.spec as Fields), validationActions: ['Warn'] } }
      : object,
  );
  expect(judge(...warning)).toEqual([]);
  const strange = { name: 'x' };
  expect(
    judge(
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: strange,
        spec: { variables: [{ name: 'registries', expression: 'params.data.registries' }] },
      },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: strange,
        spec: { policyName: 'x', validationActions: ['Deny'] },
      },
    ),
  ).toEqual([]);
});

test.each([
  ['nginx', 'docker.io/library/nginx'],
  ['bitnami/redis:8', 'docker.io/bitnami/redis:8'],
  ['localhost/x', 'localhost/x'],
  ['registry:5000/x', 'registry:5000/x'],
  ['ghcr.io/a/b@sha256:0', 'ghcr.io/a/b@sha256:0'],
])('%s is %s', (image, full) => expect(fullImageName(image)).toBe(full));

test.each([
  ['registry.example', 'registry.example/a:1', true],
  ['registry.example', 'registry.example:5000/a:1', false],
  ['registry.example', 'registry.example.evil/a:1', false],
  ['ghcr.io/shop', 'ghcr.io/shop/a:1', true],
  ['ghcr.io/shop', 'ghcr.io/shop:1', true],
  ['ghcr.io/shop', 'ghcr.io/shopping/a:1', false],
])('from %s comes %s: %s', (registry, name, expected) => expect(comesFrom(registry, name)).toBe(expected));
