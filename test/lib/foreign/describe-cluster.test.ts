import { catalogue } from '../../../lib/controls/registry';
import { judgeCluster } from '../../../lib/evidence';
import type { ClusterFacts } from '../../../lib/foreign/cluster-facts';
import { describeCluster } from '../../../lib/foreign/describe-cluster';
import { hiddenBy } from '../../../lib/foreign/hidden';
import { processesOf } from '../../../lib/foreign/static-pods';
import { resolve } from '../../../lib/resolve';
import { nothingSeen } from '../../support/cluster-facts';

const node = (name: string, address: string, labels: Record<string, string> = {}) => ({
  metadata: { name, labels },
  status: { addresses: [{ type: 'InternalIP', address }] },
});

const apiServer = (args: readonly string[], phase = 'Running') => ({
  metadata: { name: 'kube-apiserver-one' },
  spec: { nodeName: 'one', containers: [{ command: ['kube-apiserver', ...args] }] },
  status: { phase },
});

const facts: ClusterFacts = {
  ...nothingSeen,
  version: { fact: 'v1.36.1' },
  nodes: {
    fact: [node('one', '192.0.2.1', { 'node-role.kubernetes.io/control-plane': '' }), node('two', '192.0.2.2')],
  },
  staticPods: { fact: [apiServer(['--audit-policy-file=/etc/kubernetes/audit.yaml', '--audit-log-path=-'])] },
  clusterConfiguration: {
    fact: { networking: { podSubnet: '10.1.0.0/16,fd00::/56', dnsDomain: 'corp' }, controlPlaneEndpoint: 'api:8443' },
  },
  namespaces: { fact: [{ metadata: { name: 'kube-system' } }, { metadata: { name: 'shop' } }] },
  ciliumConfig: { fact: null },
  hasKubeProxy: { fact: true },
};
const options = { name: 'theirs', profile: 'internet-facing' } as const;
const host = (name: string, address = name, groups: readonly string[] = []) => ({ name, address, groups });

test('a cluster is described by what it tells', () => {
  const { spec, seen, warnings } = describeCluster(facts, options);
  expect(spec).toMatchObject({
    kubernetesVersion: '1.36.1',
    nodes: [
      { name: 'one', role: 'control-plane', address: '192.0.2.1' },
      { name: 'two', role: 'worker', address: '192.0.2.2' },
    ],
    networking: { podCidr: '10.1.0.0/16', dnsDomain: 'corp', controlPlaneEndpoint: 'api:8443' },
    namespaces: [{ name: 'shop' }],
    cni: { name: 'external' },
  });
  expect(seen.release?.kubernetes).toBe('1.36.1');
  expect(seen.paths?.audit).toBe('/etc/kubernetes/audit.yaml');
  // `-` is standard output and no path.
  expect(seen.paths?.auditLog).toMatch(/^\//);
  expect(warnings).toEqual([]);
});

test('hosts are matched by name, short name or address, and strangers are named', () => {
  const hosts = [host('one.example.org'), host('second', '192.0.2.2'), host('bastion', '192.0.2.99')];
  const described = describeCluster(facts, { ...options, hosts });
  expect([...described.hosts].map(([name, { name: by }]) => [name, by])).toEqual([
    ['one', 'one.example.org'],
    ['two', 'second'],
  ]);
  expect(described.warnings).toEqual(['host bastion of the inventory is no node of this cluster']);
});

test('without the right to list nodes the groups of the inventory say who is what', () => {
  const hosts = [host('one', '192.0.2.1', ['all', 'kube_control_plane']), host('two', '192.0.2.2', ['all'])];
  const { spec, warnings } = describeCluster(nothingSeen, { ...options, hosts });
  expect(spec.nodes.map(({ name, role }) => [name, role])).toEqual([
    ['one', 'control-plane'],
    ['two', 'worker'],
  ]);
  expect(warnings.length).toBeGreaterThan(5);
});

test('where nothing tells the nodes the error says what to do', () => {
  expect(() => describeCluster(nothingSeen, options)).toThrow('FOREIGN_NO_CONTROL_PLANE');
  const workers: ClusterFacts = { ...facts, nodes: { fact: [node('two', '192.0.2.2')] } };
  expect(() => describeCluster(workers, options)).toThrow('no node is a control plane');
});

test('another version is judged, and said to be another one', () => {
  const { spec, seen, warnings } = describeCluster({ ...facts, version: { fact: 'v1.31.4' } }, options);
  expect(resolve(spec, catalogue, seen).cluster.release.kubernetes).toBe('1.31.4');
  expect(warnings).toEqual([expect.stringContaining('this cluster runs 1.31.4')]);
});

test('etcd that runs elsewhere is not observed, and never a failure', () => {
  const cluster = describeCluster(
    { ...facts, clusterConfiguration: { fact: { etcd: { external: { endpoints: ['https://192.0.2.7:2379'] } } } } },
    options,
  );
  const resolution = resolve(cluster.spec, catalogue, cluster.seen);
  const { rows } = judgeCluster(resolution, [], { now: new Date(), hidden: hiddenBy(cluster) });
  const ofEtcd = rows.filter(({ control }) => control.startsWith('etcd/'));
  expect(ofEtcd.length).toBeGreaterThan(5);
  expect(ofEtcd.filter(({ verdict, explained }) => verdict !== 'not-observed' || !explained)).toEqual([]);
  expect(rows.some(({ explained }) => explained === false)).toBe(true);
});

test('arguments come from running static pods of the node only', () => {
  const pods = [apiServer(['--a=1']), apiServer(['--a=2'], 'Pending')];
  expect(processesOf(pods, 'one', 'kube-apiserver')).toEqual([
    { pod: 'kube-apiserver-one', args: ['kube-apiserver', '--a=1'] },
  ]);
  expect(processesOf(pods, 'two', 'kube-apiserver')).toEqual([]);
  expect(processesOf(pods, 'one', 'etcd')).toEqual([]);
});
