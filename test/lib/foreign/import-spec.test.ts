import { catalogue } from '../../../lib/controls/registry';
import type { ClusterFacts } from '../../../lib/foreign/cluster-facts';
import { describeCluster } from '../../../lib/foreign/describe-cluster';
import { type ImportOptions, importSpec, missingHostKey } from '../../../lib/foreign/import-spec';
import { parseSpec } from '../../../lib/spec/parse';

const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJe6qNBjEz0KA3BfpEKbcalg4u3RxAkhp7AlXQcDj3qw';
const node = (name: string, address: string, labels: Record<string, string> = {}) => ({
  metadata: { name, labels },
  status: { addresses: [{ type: 'InternalIP', address }] },
});
const facts: ClusterFacts = {
  version: { fact: 'v1.36.3' },
  nodes: {
    fact: [node('cp', '192.0.2.1', { 'node-role.kubernetes.io/control-plane': '' }), node('w', '192.0.2.2')],
  },
  staticPods: { fact: [] },
  clusterConfiguration: {
    fact: {
      clusterName: 'Shop_1',
      networking: { podSubnet: '10.1.0.0/16', serviceSubnet: '10.2.0.0/16', dnsDomain: 'corp' },
      controlPlaneEndpoint: '192.0.2.1:6443',
      apiServer: {
        certSANs: ['192.0.2.1', 'api.example.org'],
        extraArgs: [
          { name: 'profiling', value: 'true' },
          { name: 'watch-cache', value: 'false' },
        ],
      },
      imageRepository: 'registry.example/k8s',
    },
  },
  namespaces: { fact: [] },
  ciliumConfig: { fact: null },
  hasKubeProxy: { fact: true },
};
const options: ImportOptions = {
  profile: 'internet-facing',
  allowedApiCidrs: ['198.51.100.0/24'],
  operatorCidrs: ['198.51.100.7'],
  machines: new Map(['cp', 'w'].map((name) => [name, { hostKey }])),
  owned: new Set(['profiling']),
};
const imported = (changed: Partial<ClusterFacts> = {}, more: Partial<ImportOptions> = {}) => {
  const all = { ...facts, ...changed };
  return importSpec(all, describeCluster(all, { name: 'x', profile: 'internet-facing' }), { ...options, ...more });
};
const parsed = (spec: Parameters<typeof parseSpec>[0]) =>
  parseSpec(spec, { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) }).spec;

test('a running cluster becomes a spec that stands, with what its kubeadm says', () => {
  const { spec, unpinned } = imported();
  expect(unpinned).toEqual([]);
  expect(parsed(spec)).toMatchObject({
    name: 'shop-1',
    kubernetesVersion: '1.36',
    nodes: [
      { name: 'cp', role: 'control-plane', address: '192.0.2.1', hostKey },
      { name: 'w', role: 'worker', address: '192.0.2.2', hostKey },
    ],
    networking: {
      podCidr: '10.1.0.0/16',
      serviceCidr: '10.2.0.0/16',
      dnsDomain: 'corp',
      certificateNames: ['api.example.org'],
    },
    cni: { name: 'external' },
  });
  expect(spec.networking.controlPlaneEndpoint).toBeUndefined();
});

test('what cannot be taken over is named, what controls decide on is not', () => {
  const lost = imported().lost.join('\n');
  expect(lost).toContain('the pod network is not Cilium');
  expect(lost).toContain('imageRepository: registry.example/k8s');
  expect(lost).toContain('apiServer: --watch-cache=false');
  expect(lost).not.toContain('profiling');
  const other = { fact: { ...(facts.clusterConfiguration as { fact: object }).fact, etcd: { external: {} } } };
  const old = imported({ version: { fact: 'v1.35.1' }, clusterConfiguration: other }).lost.join('\n');
  expect(old).toMatch(/Kubernetes 1\.35\.1: Bulwark makes 1\.36/);
  expect(old).toContain('external etcd');
});

test('Cilium is taken over with its encryption, or the lack of it is named', () => {
  const cilium = (data: Record<string, string>) =>
    imported({ ciliumConfig: { fact: data }, hasKubeProxy: { fact: false } });
  expect(cilium({ 'enable-wireguard': 'true' }).spec.cni).toEqual({
    name: 'cilium',
    encryption: 'wireguard',
    kubeProxyReplacement: true,
  });
  expect(cilium({ 'enable-wireguard': 'true' }).lost.join()).not.toContain('Cilium');
  expect(cilium({}).lost.join()).toContain('Cilium without WireGuard');
});

test('a host key that nobody knows keeps the spec from standing, until it is scanned', () => {
  const { spec, unpinned } = imported({}, { machines: new Map([['cp', { hostKey }]]) });
  expect(unpinned).toEqual(['w']);
  expect(() => parsed(spec)).toThrow('nodes[1].hostKey');
});

test('a jump host whose key nobody knows is named, and keeps the spec from standing', () => {
  const ssh = { jump: { address: 'bastion', hostKey: missingHostKey } };
  const { spec, unpinned } = imported({}, { machines: new Map(['cp', 'w'].map((name) => [name, { hostKey, ssh }])) });
  expect(unpinned).toEqual(['jump host bastion']);
  expect(() => parsed(spec)).toThrow('nodes[0].ssh.jump.hostKey');
});
