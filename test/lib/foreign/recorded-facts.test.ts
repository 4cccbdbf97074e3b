import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterConfiguration } from '../../../kubeadm/documents/cluster-configuration';
import { freeValue } from '../../../kubeadm/plan/extra-arguments';
import { planCluster } from '../../../kubeadm/plan/plan-cluster';
import { catalogue } from '../../../lib/controls/registry';
import type { ClusterFacts } from '../../../lib/foreign/cluster-facts';
import { describeCluster } from '../../../lib/foreign/describe-cluster';
import { importSpec } from '../../../lib/foreign/import-spec';
import { resolve } from '../../../lib/resolve';
import { parseSpec } from '../../../lib/spec/parse';
import { inputs } from '../../support/bundle-inputs';
import { hostKeys } from '../../support/spec';

/** What the APIs of real clusters told, as the end-to-end tests record it. */
const factsOf = (name: 'stock' | 'hardened'): ClusterFacts =>
  JSON.parse(readFileSync(join(__dirname, `../../recordings/${name}-facts.json`), 'utf8'));

function imported(facts: ClusterFacts) {
  const cluster = describeCluster(facts, { name: 'other', profile: 'internet-facing' });
  const { settings } = planCluster(resolve(cluster.spec, catalogue, cluster.seen), inputs.programs).planning;
  const result = importSpec(facts, cluster, {
    profile: 'internet-facing',
    allowedApiCidrs: ['198.51.100.0/24'],
    operatorCidrs: ['198.51.100.7'],
    freeValue: (component, argument, value) => freeValue(settings, component, argument, value),
    ownedKubeletFields: new Set(settings.of('kubelet-field').map(({ setting }) => setting.path.split('.')[0] ?? '')),
    textOf: () => ({ unseen: 'no SSH' }),
    machines: new Map(cluster.spec.nodes.map(({ name }, index) => [name, { hostKey: hostKeys[index % 3] }])),
  });
  const { spec } = parseSpec(result.spec, { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) });
  return {
    ...result,
    cluster,
    parsed: spec,
    planning: planCluster(resolve(spec, catalogue), inputs.programs).planning,
  };
}

test('a stock kubeadm cluster becomes a spec that stands, and what is lost is what its makers chose', () => {
  const { cluster, parsed, lost, unread, unpinned } = imported(factsOf('stock'));
  expect(cluster.warnings).toEqual([]);
  expect(parsed).toMatchObject({
    name: 'kubernetes',
    nodes: [{ name: 'cp-1', role: 'control-plane', address: '192.0.2.11', labels: {}, taints: [] }],
    networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/12', dnsDomain: 'cluster.local', dnsUpstreams: [] },
    authentication: { oidc: [] },
    cni: { name: 'cilium', kubeProxyReplacement: true },
    namespaces: [],
  });
  expect(parsed.extraArguments).toEqual({});
  expect(lost).toEqual([
    expect.stringContaining('Cilium without WireGuard'),
    'workloads run on cp-1: control planes of a spec take none',
  ]);
  expect(unread).toEqual([expect.stringContaining('mirrors of image registries')]);
  expect(unpinned).toEqual([]);
});

test('a cluster of Bulwark without its record is described by what it runs with, and nothing of kubeadm’s is lost', () => {
  const facts = factsOf('hardened');
  const { parsed, planning, lost } = imported(facts);
  // Without WireGuard, and with a disk that others fill: so is the lab.
  expect(parsed.nodes[0]).toMatchObject({ name: 'cp-1', role: 'control-plane', address: '192.0.2.11' });
  expect(lost.filter((line) => !/WireGuard|imageGC/.test(line))).toEqual([]);
  expect(parsed.extraArguments).toEqual({});
  const recorded = 'fact' in facts.clusterConfiguration ? facts.clusterConfiguration.fact : undefined;
  const { networking, controlPlaneEndpoint, clusterName } = JSON.parse(JSON.stringify(clusterConfiguration(planning)));
  expect(recorded).toMatchObject({ networking, controlPlaneEndpoint, clusterName });
});
