import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { parseSpec } from '../../lib/spec/parse';
import { artifactRequest } from '../../stacks/artifact-request';
import { specInput } from '../support/spec';

function request(changes: Partial<ClusterSpecInput> = {}) {
  const { spec } = parseSpec(specInput(changes), { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) });
  return artifactRequest(resolve(spec, catalogue).cluster, '/specs/cluster.yaml');
}

test('a cluster needs the software of its network, and kube-proxy only where it keeps it', () => {
  const board = { platform: { board: 'pi-4' as const } };
  const nodes = specInput().nodes.map((node, index) => (index === 0 ? { ...node, ...board } : node));
  expect(request({ nodes })).toMatchObject({ arch: 'arm64' });
  expect(request()).toMatchObject({ arch: 'amd64', source: { kind: 'source' }, groups: ['cilium'] });
  expect(request({ cni: { name: 'cilium', kubeProxyReplacement: false } }).groups).toEqual(['cilium', 'kube-proxy']);
  expect(request({ cni: { name: 'external', enforcesNetworkPolicies: true } }).groups).toEqual(['kube-proxy']);
});

test('metrics-server is built only for a cluster whose spec wants it', () => {
  expect(request({ metricsServer: true }).groups).toEqual(['cilium', 'metrics-server']);
});

test('an offline directory is found from the place of the spec', () => {
  expect(request({ artifacts: { source: 'offline', directory: 'artifacts' } }).source).toEqual({
    kind: 'offline',
    directory: '/specs/artifacts',
  });
});
