import { metricsServer } from '../../../../lib/spec/rules/metrics-server';

const judge = (spec: Parameters<typeof metricsServer>[0]) =>
  metricsServer(spec, { today: '2026-01-01', controlIds: [] }).map(({ code, path }) => `${code} ${path.join('.')}`);

test('metrics-server is refused where the network is not Cilium', () => {
  const external = { name: 'external', enforcesNetworkPolicies: true } as const;
  expect(judge({ metricsServer: true })).toEqual([]);
  expect(judge({ metricsServer: true, cni: { name: 'cilium' } })).toEqual([]);
  expect(judge({ metricsServer: false, cni: external })).toEqual([]);
  expect(judge({ metricsServer: true, cni: external })).toEqual(['SPEC_METRICS_SERVER_CNI metricsServer']);
});
