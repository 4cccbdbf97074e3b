import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ApiObject, App, type Chart, JsonPatch } from 'cdk8s';
import {
  Deployment,
  HorizontalPodAutoscaler,
  type k8s,
  Metric,
  MetricTarget,
  ServiceAccount,
  Volume,
} from 'cdk8s-plus-27';
import { HardenedDeployment, HardenedJob, PodHardening, type WorkloadWaiver } from '../../../constructs';
import { image, manifestOf, shop, workloads } from './workload-fixture';

const waiver = (control: string, changes: Partial<WorkloadWaiver> = {}): WorkloadWaiver => ({
  control,
  reason: 'The program writes its cache beside itself.',
  owner: 'shop@example.org',
  expires: '2099-12-31',
  ...changes,
});

const render = (chart: Chart): string => App.of(chart).synthYaml();

// biome-ignore lint/suspicious/noExplicitAny: any Kubernetes object
const objectOf = (chart: Chart, kind: string): any => chart.toJson().find((object) => object.kind === kind);

describe.each(Object.keys(workloads))('the manifest of %s', (name) => {
  test('is what test/golden holds (`UPDATE_GOLDEN=1` writes it anew)', () => {
    const golden = join(__dirname, '../../golden/workloads', `${name}.k8s.yaml`);
    const manifest = manifestOf(name);
    if (process.env.UPDATE_GOLDEN) {
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, manifest);
    }
    expect(manifest).toBe(readFileSync(golden, 'utf8'));
  });
});

describe('a weaker prop', () => {
  const weak = (waivers?: WorkloadWaiver[]) => {
    const chart = shop();
    const securityContext = { readOnlyRootFilesystem: false };
    new HardenedJob(chart, 'job', { containers: [{ image, securityContext }], waivers });
    return chart;
  };

  test('stops synthesis and names the construct, the field, the control and the fix', () => {
    expect(() => render(weak())).toThrow(
      /\[shop\/job\] error: Job shop\/shop-job: spec\.template\.spec\.containers\[0\]\.securityContext\.readOnlyRootFilesystem: .*Fix: .*\[pods\/read-only-root\]/,
    );
  });

  test('is let through by a waiver, which the manifest shows', () => {
    const chart = weak([waiver('pods/read-only-root')]);
    expect(render(chart)).toContain('readOnlyRootFilesystem: false');
    expect(objectOf(chart, 'Job').metadata.annotations).toEqual({
      'bulwark.dev/waivers':
        'pods/read-only-root: The program writes its cache beside itself. (shop@example.org, until 2099-12-31)',
    });
  });

  test.each([
    ['expired', waiver('pods/read-only-root', { expires: '2020-01-01' }), 'it expired on 2020-01-01'],
    ['without a reason', waiver('pods/read-only-root', { reason: 'legacy' }), 'fewer than 20 characters'],
    ['for another control', waiver('pods/resources'), 'covers nothing'],
    ['for a control that does not exist', waiver('pods/anything'), 'no such control'],
  ])('is not let through by a waiver that is %s', (_name, invalid, message) => {
    const synthesis = () => render(weak([invalid]));
    expect(synthesis).toThrow('[pods/read-only-root]');
    expect(synthesis).toThrow(message);
  });

  test('is found in a patch and in a container that come later', () => {
    const patched = shop();
    const deployment = new HardenedDeployment(patched, 'web', { containers: [{ image, portNumber: 80 }] });
    ApiObject.of(deployment).addJsonPatch(JsonPatch.replace('/spec/template/spec/hostNetwork', true));
    expect(() => render(patched)).toThrow('[pod-security/hostNamespaces]');

    const later = shop();
    const job = new HardenedJob(later, 'job', { containers: [{ image }] });
    job.addContainer({ name: 'late', image: 'registry.example/late:1' });
    expect(() => render(later)).toThrow('containers[1].image: image registry.example/late:1');
  });
});

test('a token needs a service account of its own', () => {
  const chart = shop();
  new HardenedJob(chart, 'job', { containers: [{ image }], token: { audience: 'vault.example' } });
  expect(() => render(chart)).toThrow('WORKLOAD_TOKEN_ACCOUNT');
});

test('what cdk8s-plus offers goes on working', () => {
  const chart = shop();
  const web = new HardenedDeployment(chart, 'web', { containers: [{ image, portNumber: 8080 }] });
  const db = new HardenedDeployment(chart, 'db', {
    containers: [{ image, portNumber: 5432, resources: { cpu: {}, memory: {} } }],
    serviceAccount: new ServiceAccount(chart, 'account'),
    replicas: 1,
  });
  web.exposeViaService();
  web.connections.allowTo(db);
  web.scheduling.separate(db);
  web.containers[0]?.mount('/cache', Volume.fromEmptyDir(chart, 'cache', 'cache'));
  new HorizontalPodAutoscaler(chart, 'scaling', {
    target: web,
    maxReplicas: 3,
    metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(80))],
  });
  const yaml = render(chart);
  for (const kind of ['Service', 'NetworkPolicy', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']) {
    expect(yaml).toContain(`kind: ${kind}\n`);
  }
  const deployment = objectOf(chart, 'Deployment');
  expect(deployment.spec.replicas).toBeUndefined();
  const { spec } = deployment.spec.template;
  expect(spec.containers[0].volumeMounts).toEqual([{ mountPath: '/cache', name: 'cache' }]);
  expect(spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
});

test('replicas that must not share a node or a zone say so once, however often they are rendered', () => {
  const chart = shop();
  new HardenedDeployment(chart, 'web', { spread: true, containers: [{ image, portNumber: 80 }] });
  render(chart);
  const { podAntiAffinity } = objectOf(chart, 'Deployment').spec.template.spec.affinity;
  const terms = podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  expect(terms.map(({ topologyKey }: { topologyKey: string }) => topologyKey)).toEqual([
    'kubernetes.io/hostname',
    'topology.kubernetes.io/zone',
  ]);
});

describe("resources that are the author's stay, and one side stands for both", () => {
  const resourcesOf = (resources: k8s.ResourceRequirements): unknown => {
    const chart = shop();
    new ApiObject(chart, 'pod', {
      apiVersion: 'v1',
      kind: 'Pod',
      spec: { containers: [{ name: 'main', image, resources }] },
    }).with(new PodHardening());
    return objectOf(chart, 'Pod').spec.containers[0].resources;
  };

  test.each([
    ['none', {}, { cpu: '50m', memory: '64Mi' }, { cpu: '500m', memory: '256Mi' }],
    ['a limit', { limits: { cpu: '20m' } }, { cpu: '20m', memory: '64Mi' }, { cpu: '20m', memory: '256Mi' }],
    ['a request', { requests: { memory: '1Gi' } }, { cpu: '50m', memory: '1Gi' }, { cpu: '500m', memory: '1Gi' }],
  ])('%s', (_name, given, requests, limits) => {
    expect(resourcesOf(given as k8s.ResourceRequirements)).toEqual({
      requests: { ...requests, 'ephemeral-storage': '64Mi' },
      limits: { ...limits, 'ephemeral-storage': '256Mi' },
    });
  });
});

describe('the mixin', () => {
  test('completes workloads that are not ours, and leaves what is no workload alone', () => {
    const chart = shop();
    new Deployment(chart, 'plain', { containers: [{ image, portNumber: 80 }] });
    const raw = new ApiObject(chart, 'settings', { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } });
    const before = raw.toJson();
    chart.with(new PodHardening());
    const { spec } = objectOf(chart, 'Deployment').spec.template;
    expect(spec.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
    expect(spec.containers[0].securityContext.capabilities).toEqual({ drop: ['ALL'] });
    expect(raw.toJson()).toEqual(before);
  });

  test('keeps what the author has set, weak or not', () => {
    const chart = shop();
    const securityContext = { capabilities: { add: ['NET_ADMIN'], drop: ['CHOWN'] }, runAsUser: 0 };
    new ApiObject(chart, 'pod', {
      apiVersion: 'v1',
      kind: 'Pod',
      spec: { automountServiceAccountToken: true, containers: [{ name: 'main', image, securityContext }] },
    }).with(new PodHardening());
    const { spec } = objectOf(chart, 'Pod');
    expect(spec.automountServiceAccountToken).toBe(true);
    expect(spec.containers[0].securityContext).toMatchObject(securityContext);
  });
});
