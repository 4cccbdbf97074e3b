import { ApiObject, type App, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import { enforceHardening, HardenedDeployment } from '../../../constructs';
import { image } from '../workloads/workload-fixture';

/** An app of several charts, and how often each of its objects was rendered. */
function appOf(charts: number) {
  const app: App = Testing.app();
  const rendered: number[] = [];
  for (let index = 0; index < charts; index += 1) {
    const chart = new Chart(app, `chart-${index}`);
    const web = new HardenedDeployment(chart, 'web', { containers: [{ image, portNumber: 80 }] });
    const count = (slot: number) => {
      rendered[slot] = (rendered[slot] ?? 0) + 1;
      return 'green';
    };
    new ApiObject(chart, 'raw', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      data: Lazy.any({ produce: () => ({ colour: count(2 * index) }) }),
    });
    web.metadata.addAnnotation('colour', Lazy.any({ produce: () => count(2 * index + 1) }) as unknown as string);
  }
  return { app, rendered };
}

describe.each(['synth', 'synthYaml'] as const)('%s', (synthesize) => {
  test('renders and judges each object once, however many charts cdk8s validates the app for', () => {
    const { app, rendered } = appOf(4);
    enforceHardening(app);
    app[synthesize]();
    expect(rendered).toEqual(Array(8).fill(1));
  });

  test('judges anew what changed since', () => {
    const { app } = appOf(2);
    enforceHardening(app);
    app[synthesize]();
    const service = new ApiObject(app.charts[0] as Chart, 'late', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'late' },
      spec: { type: 'ClusterIP' },
    });
    app[synthesize]();
    service.addJsonPatch(JsonPatch.replace('/spec/type', 'NodePort'));
    expect(() => app[synthesize]()).toThrow('[services/node-port]');
    service.addJsonPatch(JsonPatch.replace('/spec/type', 'ClusterIP'));
    expect(() => app[synthesize]()).not.toThrow();
  });
});
