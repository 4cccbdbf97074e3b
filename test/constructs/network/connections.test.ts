import { App, Chart, Testing } from 'cdk8s';
import {
  Namespaces,
  NetworkPolicyIpBlock,
  NetworkPolicyPort,
  PodConnectionsIsolation,
  Pods,
  Probe,
  Protocol,
} from 'cdk8s-plus-27';
import {
  enforceHardening,
  HardenedDaemonSet,
  HardenedDeployment,
  HardenedStatefulSet,
  judgeConstructs,
} from '../../../constructs';
import { allowedFlows, formatPorts, type Party, readNetwork } from '../../../lib/network-policy';
import { image } from '../workloads/workload-fixture';

const nameOf = (party: Party): string => (party.kind === 'workload' ? party.workload.object.name : party.kind);

const flowsOf = (...charts: readonly Chart[]): string[] =>
  allowedFlows(readNetwork(charts.flatMap((chart) => chart.toJson())))
    .map(({ from, to, ports }) => `${nameOf(from)} -> ${nameOf(to)} ${formatPorts(ports)}`)
    .sort();

/** Short names, with which cdk8s-plus gives two policies one name. */
const chartIn = (app: App, namespace: string | undefined, name = namespace ?? 'plain'): Chart =>
  new Chart(app, name, { namespace, disableResourceNameHashes: true });

const server = (chart: Chart, name: string, portNumber = 8080) =>
  new HardenedDeployment(chart, name, { containers: [{ image, portNumber }] });

const silent = { image, readiness: Probe.fromCommand(['true']) };

describe('connections of hardened workloads', () => {
  test('open both sides on the port of the pod, and DNS for who connects', () => {
    const chart = chartIn(Testing.app(), 'shop');
    const redis = new HardenedStatefulSet(chart, 'redis', { containers: [{ image, portNumber: 6379 }] });
    const [a, b] = [server(chart, 'a'), server(chart, 'b')];
    a.connections.allowTo(redis);
    redis.connections.allowFrom(b);
    expect(flowsOf(chart)).toEqual([
      'shop-a -> dns 53/TCP+UDP',
      'shop-a -> shop-redis 6379/TCP',
      'shop-b -> dns 53/TCP+UDP',
      'shop-b -> shop-redis 6379/TCP',
    ]);
    expect(judgeConstructs(chart)).toEqual([]);
    const names = chart.toJson().map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('open each port with its protocol', () => {
    const chart = chartIn(Testing.app(), 'shop');
    const resolver = new HardenedDeployment(chart, 'resolver', {
      containers: [{ ...silent, ports: [{ number: 5353, protocol: Protocol.UDP }, { number: 8053 }] }],
    });
    server(chart, 'a').connections.allowTo(resolver);
    expect(flowsOf(chart)).toContain('shop-a -> shop-resolver 8053/TCP, 5353/UDP');
  });

  test('cross namespaces by their names', () => {
    const app = Testing.app();
    const [shop, data] = [chartIn(app, 'shop'), chartIn(app, 'data')];
    const db = server(data, 'db', 5432);
    server(shop, 'a').connections.allowTo(db);
    expect(flowsOf(shop, data)).toContain('shop-a -> data-db 5432/TCP');
    expect(judgeConstructs(app)).toEqual([]);
  });

  test('to addresses need no DNS and no other side', () => {
    const chart = chartIn(Testing.app(), 'shop');
    const block = NetworkPolicyIpBlock.ipv4(chart, 'partner', '192.0.2.0/24');
    server(chart, 'a').connections.allowTo(block, { ports: [NetworkPolicyPort.tcp(443)] });
    expect(flowsOf(chart)).toEqual(['shop-a -> addresses 443/TCP']);
  });

  describe('are refused', () => {
    const chart = chartIn(Testing.app(), 'shop');
    const a = server(chart, 'a');
    const mute = new HardenedDeployment(chart, 'mute', { containers: [silent] });
    const elsewhere = server(chartIn(Testing.app(), undefined), 'elsewhere');
    const ports = [NetworkPolicyPort.tcp(80)];
    const labelled = Pods.select(chart, 'labelled', {
      labels: { app: 'x' },
      namespaces: Namespaces.select(chart, 'team', { labels: { team: 'a' } }),
    });
    test.each([
      ['without a port', () => a.connections.allowTo(mute), /shop\/mute declares no port.*NETWORK_CONNECTION/],
      [
        'to pods of no known port',
        () => a.connections.allowTo(Pods.select(chart, 'pods', { labels: { app: 'x' } })),
        /declares no port/,
      ],
      ['to namespaces by labels', () => a.connections.allowTo(labelled, { ports }), /select namespaces by their names/],
      [
        'to every namespace',
        () => a.connections.allowTo(Namespaces.all(chart, 'all'), { ports }),
        /in every namespace/,
      ],
      ['to a chart without a namespace', () => a.connections.allowTo(elsewhere), /only one names its namespace/],
      ['from a chart without a namespace', () => elsewhere.connections.allowTo(a), /only one names its namespace/],
    ])('%s', (_name, connect, message) => {
      expect(connect).toThrow(message);
    });

    test('where a port comes after them', () => {
      const late = chartIn(Testing.app(), 'late');
      const db = server(late, 'db');
      server(late, 'web').connections.allowTo(db);
      expect(() => App.of(late).synthYaml()).not.toThrow();
      db.addContainer({ name: 'second', image, portNumber: 9000 });
      expect(() => App.of(late).synthYaml()).toThrow('late/db got a port after the connection was made');
    });
  });

  test('on one side are an error where the other side is closed', () => {
    const app = Testing.app();
    const chart = chartIn(app, 'shop');
    const redis = server(chart, 'redis', 6379);
    server(chart, 'a').connections.allowTo(redis, { isolation: PodConnectionsIsolation.POD });
    enforceHardening(app);
    expect(() => app.synthYaml()).toThrow(
      /shop\/a\/AllowEgress.*Deployment shop\/shop-a to Deployment shop\/shop-redis on 6379\/TCP is allowed here, but no policy lets that in.*\[network-policies\/connection\]/,
    );
  });
});

test('a host-network pod that its own isolation selects does not synthesize; the error tells where and what to do', () => {
  const app = Testing.app();
  const chart = chartIn(app, 'net');
  const waivers = ['pod-security/hostNamespaces', 'pods/user-namespace'].map((control) => ({
    control,
    reason: 'The agent reads the packets of its node.',
    owner: 'net@example.org',
    expires: '2099-12-31',
  }));
  const agent = { hostNetwork: true, containers: [silent], waivers };
  new HardenedDaemonSet(chart, 'agent', agent);
  enforceHardening(app);
  expect(() => app.synthYaml()).toThrow(
    /net\/agent\/Resource: error: DaemonSet net\/net-agent: spec\.template\.spec\.hostNetwork: .*isolate: false.*\[network-policies\/host-network\]/,
  );

  const open = Testing.app();
  new HardenedDaemonSet(chartIn(open, 'net'), 'agent', { ...agent, isolate: false });
  enforceHardening(open);
  expect(open.synthYaml()).toContain('hostNetwork: true');
});
