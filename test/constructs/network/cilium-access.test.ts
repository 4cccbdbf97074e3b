import { type App, Chart, Testing } from 'cdk8s';
import { PodConnectionsIsolation } from 'cdk8s-plus-27';
import { CiliumAccess, ClusterDefaultDeny, HardenedDeployment, judgeConstructs } from '../../../constructs';
import { allowedFlows, formatPorts, type Party, readNetwork } from '../../../lib/network-policy';
import { image } from '../workloads/workload-fixture';

const nameOf = (party: Party): string =>
  party.kind === 'workload' ? party.workload.object.name : party.kind === 'name' ? party.name : party.kind;

const flowsOf = (app: App): string[] =>
  allowedFlows(readNetwork(app.charts.flatMap((chart) => chart.toJson())))
    .filter(({ from }) => from.kind === 'workload')
    .map(({ from, to, ports, requests }) =>
      [nameOf(from), '->', nameOf(to), formatPorts(ports), ...(requests ?? [])].join(' '),
    )
    .sort();

test('what NetworkPolicies cannot say: entities, names, requests', () => {
  const app = Testing.app();
  new ClusterDefaultDeny(new Chart(app, 'cluster'), 'deny', { apiServerPort: 6443 });
  const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
  const web = new HardenedDeployment(chart, 'web', { containers: [{ image, portNumber: 8080 }] });
  const api = new HardenedDeployment(chart, 'api', { containers: [{ image, portNumber: 8080 }] });
  web.connections.allowTo(api);
  new CiliumAccess(chart, 'outside', {
    workload: api,
    entities: [{ entity: 'kube-apiserver', ports: [6443] }],
    names: [{ name: 'pay.example' }, { name: '*.cdn.example', ports: [8443] }],
  });
  const inner = new HardenedDeployment(chart, 'inner', { containers: [{ image, portNumber: 9000 }] });
  new CiliumAccess(chart, 'requests', {
    workload: inner,
    requests: [{ from: web, requests: [{ method: 'GET', path: '/orders' }] }],
  });

  expect(flowsOf(app)).toEqual([
    'shop-api -> *.cdn.example 8443/TCP',
    'shop-api -> api-server 6443/TCP',
    'shop-api -> dns 53/TCP+UDP',
    'shop-api -> pay.example 443/TCP',
    'shop-inner -> dns 53/TCP+UDP',
    'shop-web -> dns 53/TCP+UDP',
    'shop-web -> shop-api 8080/TCP',
  ]);
  // The other side of the requests is the caller's: until it is open too, that is an error.
  expect(judgeConstructs(app).map(({ control, object }) => `${control} ${object.name}`)).toEqual([
    expect.stringMatching(/^network-policies\/connection shop-requests-/),
  ]);
  web.connections.allowTo(inner, { isolation: PodConnectionsIsolation.POD });
  expect(judgeConstructs(app)).toEqual([]);
  const [request] = flowsOf(app).filter((flow) => flow.includes('-> shop-inner'));
  expect(request).toBe('shop-web -> shop-inner 9000/TCP GET /orders');
});
