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
  recordedSpec: { fact: null },
  kubeletConfiguration: { fact: {} },
  corefile: { fact: null },
};
const options: ImportOptions = {
  profile: 'internet-facing',
  allowedApiCidrs: ['198.51.100.0/24'],
  operatorCidrs: ['198.51.100.7'],
  machines: new Map(['cp', 'w'].map((name) => [name, { hostKey }])),
  freeValue: (_, name, value) => (name === 'profiling' ? undefined : value),
  ownedKubeletFields: new Set(['protectKernelDefaults']),
  textOf: () => ({ unseen: 'no SSH' }),
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
  expect(lost).not.toContain('profiling');
  expect(imported().spec.extraArguments).toEqual({ 'kube-apiserver': { 'watch-cache': 'false' } });
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

test('OIDC by arguments is taken over, with prefixes where there are none', () => {
  const withArguments = (args: readonly string[], textOf: ImportOptions['textOf'] = () => ({ unseen: 'no SSH' })) => {
    const command = ['kube-apiserver', '--oidc-issuer-url=https://id.example.org', '--oidc-client-id=k8s', ...args];
    const pod = {
      metadata: { name: 'kube-apiserver-cp' },
      spec: { nodeName: 'cp', containers: [{ command }] },
      status: { phase: 'Running' },
    };
    return imported({ staticPods: { fact: [pod] } }, { textOf });
  };
  const issuer = { issuerUrl: 'https://id.example.org', audiences: ['k8s'] };
  const plain = withArguments([]);
  expect(parsed(plain.spec).authentication.oidc).toMatchObject([
    { ...issuer, usernameClaim: 'sub', usernamePrefix: 'https://id.example.org#' },
  ]);
  const bare = withArguments(['--oidc-username-claim=email', '--oidc-groups-claim=groups']);
  expect(parsed(bare.spec).authentication.oidc).toMatchObject([
    { usernameClaim: 'email', usernamePrefix: 'oidc:', groupsClaim: 'groups', groupsPrefix: 'oidc:' },
  ]);
  expect(bare.lost.filter((line) => line.includes('oidc'))).toEqual([
    'OIDC users of https://id.example.org have no prefix of their own: they get `oidc:`, so bindings must name them so',
    'OIDC groups of https://id.example.org have no prefix of their own: they get `oidc:`, so bindings must name them so',
  ]);
  const ruled = withArguments(['--oidc-required-claim=hd=example.org']);
  expect(ruled.spec.authentication).toBeUndefined();
  expect(ruled.lost).toContain(
    'OIDC issuer https://id.example.org is left out, because a spec cannot say --oidc-required-claim=hd=example.org',
  );
  const signed = ['--oidc-ca-file=/etc/oidc.pem'];
  expect(withArguments(signed).unread).toContain('/etc/oidc.pem, which signs https://id.example.org: no SSH');
  expect(withArguments(signed, () => ({ fact: 'PEM' })).spec.authentication?.oidc?.[0]?.certificateAuthority).toBe(
    'PEM',
  );
});

test('issuers of a document that nobody read, or that say more than a spec, are named', () => {
  const command = ['kube-apiserver', '--authentication-config=/etc/auth.yaml'];
  const pod = { spec: { nodeName: 'cp', containers: [{ command }] }, status: { phase: 'Running' } };
  const read = (textOf: ImportOptions['textOf']) => imported({ staticPods: { fact: [pod] } }, { textOf });
  expect(read(() => ({ unseen: 'no SSH' })).unread.join()).toContain(
    '/etc/auth.yaml, which names the OIDC issuers: no SSH',
  );
  const issuer = { url: 'https://id.example.org', audiences: ['k8s'] };
  const mapped = { issuer, claimMappings: { username: { claim: 'sub', prefix: 'id:' }, uid: { claim: 'uid' } } };
  const document = (...jwt: readonly object[]) => read(() => ({ fact: JSON.stringify({ jwt }) }));
  expect(document(mapped, { issuer: { url: 'http://plain' } })).toMatchObject({
    spec: { authentication: { oidc: [{ issuerUrl: issuer.url, usernamePrefix: 'id:' }] } },
    lost: expect.arrayContaining([
      'claimMappings.uid of OIDC issuer https://id.example.org',
      'OIDC issuer http://plain: a spec takes https and at least one audience',
    ]),
  });
});

test.each([
  { claimValidationRules: [{ claim: 'hd', requiredValue: 'example.org' }] },
  { userValidationRules: [{ expression: "user.username != 'root'" }] },
  { claimMappings: { username: { expression: 'claims.name' } } },
  { issuer: { url: 'https://id.example.org', audiences: ['k8s'], discoveryURL: 'https://elsewhere.example.org' } },
])('an issuer whose rules a spec cannot say is left out, so that it lets nobody else in: %j', (rule) => {
  const command = ['kube-apiserver', '--authentication-config=/etc/auth.yaml'];
  const pod = { spec: { nodeName: 'cp', containers: [{ command }] }, status: { phase: 'Running' } };
  const jwt = { issuer: { url: 'https://id.example.org', audiences: ['k8s'] }, ...rule };
  const { spec, lost } = imported(
    { staticPods: { fact: [pod] } },
    { textOf: () => ({ fact: JSON.stringify({ jwt: [jwt] }) }) },
  );
  expect(spec.authentication).toBeUndefined();
  expect(lost.join('\n')).toMatch(/OIDC issuer https:\/\/id\.example\.org is left out/);
});

test('arguments that no spec takes, and settings that it has no place for, are named', () => {
  const configuration = {
    apiServer: { extraArgs: [{ name: 'token-auth-file', value: '/etc/tokens' }] },
    etcd: { local: { extraArgs: [{ name: 'quota-backend-bytes', value: '8589934592' }] } },
  };
  const { lost, spec, unread } = imported({
    clusterConfiguration: { fact: configuration },
    kubeletConfiguration: {
      fact: { maxPods: 200, cgroupDriver: 'systemd', protectKernelDefaults: true, syncFrequency: '0s', shutdown: {} },
    },
    corefile: { fact: '.:53 {\n    forward . 192.0.2.53 dns.example.org {\n    }\n}\n' },
    namespaces: { unseen: 'forbidden' },
  });
  expect(spec.extraArguments).toEqual({ etcd: { 'quota-backend-bytes': '8589934592' } });
  expect(spec.networking.dnsUpstreams).toEqual(['192.0.2.53']);
  expect(lost.filter((line) => /token|kubelet|CoreDNS/.test(line))).toEqual([
    'kube-apiserver: --token-auth-file=/etc/tokens: --token-auth-file is refused: passwords and tokens in a file never expire and cannot be revoked',
    'CoreDNS forwards to dns.example.org: a spec takes addresses, in dnsUpstreams',
    'kubelet: maxPods: 200: a spec has no place for it',
  ]);
  expect(unread).toContain('namespaces: forbidden');
});
