import { HardeningError, type Issue } from '../../../lib/errors';
import type { ClusterSpecInput } from '../../../lib/spec/cluster-spec';
import { parseSpec } from '../../../lib/spec/parse';
import { specInput } from '../../support/spec';

const options = {
  today: '2026-06-01',
  controlIds: ['kubelet/anonymous-auth', 'network/policy-enforcement', 'network/pod-encryption'],
};

/** Errors of a spec, or its warnings where it is accepted. */
function findings(changes: Partial<ClusterSpecInput>): readonly Issue[] {
  try {
    return parseSpec(specInput(changes), options).warnings;
  } catch (error) {
    if (error instanceof HardeningError) return error.issues;
    throw error;
  }
}

const codes = (changes: Partial<ClusterSpecInput>): string[] =>
  findings(changes).map(({ code, path }) => `${code} ${path}`);

const { nodes, networking } = specInput();
const [controlPlane, worker] = nodes as [(typeof nodes)[number], (typeof nodes)[number]];
const withNetworking = (changes: Partial<ClusterSpecInput['networking']>) => ({
  networking: { ...networking, ...changes },
});
const controlPlanes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...controlPlane,
    name: `cp-${index}`,
    address: `192.0.2.${index + 1}`,
  }));
const waiver = { control: 'kubelet/anonymous-auth', reason: 'a reason that is long enough', owner: 'somebody' };
const issuer = { issuerUrl: 'https://login.example.org', audiences: ['kubernetes'], usernamePrefix: 'oidc:' };

test('the base spec has no finding', () => {
  expect(codes({})).toEqual([]);
});

test('the version is a supported one', () => {
  expect(codes({ kubernetesVersion: '1.36.3' })).toEqual([]);
  expect(codes({ kubernetesVersion: '1.35' })).toEqual(['SPEC_VERSION_UNSUPPORTED kubernetesVersion']);
  expect(codes({ kubernetesVersion: '1.36.99' })).toEqual(['SPEC_VERSION_UNSUPPORTED kubernetesVersion']);
});

describe('nodes', () => {
  test('have names and addresses of their own', () => {
    expect(codes({ nodes: [controlPlane, { ...worker, name: 'cp-1' }] })).toEqual([
      'SPEC_DUPLICATE_NODE nodes[1].name',
    ]);
    expect(codes({ nodes: [controlPlane, { ...worker, address: controlPlane.address }] })).toEqual([
      'SPEC_DUPLICATE_ADDRESS nodes[1].address',
    ]);
  });

  test('have a pinned host key, and one of a sound type', () => {
    const { hostKey: _, ...bare } = worker;
    expect(codes({ nodes: [controlPlane, bare as never] })).toEqual(['SPEC_HOST_KEY_MISSING nodes[1].hostKey']);
    expect(codes({ nodes: [controlPlane, { ...worker, hostKey: 'ssh-dss AAAAB3NzaC1kc3M=' }] })).toEqual([
      'SPEC_VALUE nodes[1].hostKey',
    ]);
  });

  test.each([
    [1, []],
    [2, ['SPEC_CONTROL_PLANES_EVEN nodes']],
    [3, []],
    [4, ['SPEC_CONTROL_PLANES_EVEN nodes']],
  ])('%i control planes', (count, expected) => {
    expect(codes({ nodes: controlPlanes(count) })).toEqual(expected);
  });

  test('include a control plane', () => {
    expect(codes({ nodes: [worker] })).toEqual(['SPEC_NO_CONTROL_PLANE nodes']);
  });

  test('can be root on the machine', () => {
    expect(codes({ ssh: { user: 'ops', become: 'none' } })[0]).toBe('SPEC_NO_ROOT ssh.become');
    expect(codes({ ssh: { user: 'ops', become: 'sudo' } })).toEqual([]);
    expect(codes({ nodes: [{ ...controlPlane, ssh: { user: 'ops', become: 'none' } }] })).toEqual([
      'SPEC_NO_ROOT nodes[0].ssh.become',
    ]);
  });
});

describe('networks', () => {
  test.each([
    ['pods and services', { podCidr: '10.96.0.0/12' }, 'SPEC_CIDR_OVERLAP networking.serviceCidr'],
    [
      'pods inside services',
      { podCidr: '10.96.0.0/18', serviceCidr: '10.96.0.0/16' },
      'SPEC_CIDR_OVERLAP networking.serviceCidr',
    ],
    ['pods and nodes', { podCidr: '192.0.0.0/16' }, 'SPEC_CIDR_OVERLAP nodes[0].address'],
    ['services and nodes', { serviceCidr: '192.0.2.0/24' }, 'SPEC_CIDR_OVERLAP nodes[0].address'],
  ])('%s must not overlap', (_, changes, expected) => {
    expect(codes(withNetworking(changes))).toContain(expected);
  });

  test('have room for every node and a size that the API server takes', () => {
    expect(codes(withNetworking({ podCidr: '10.244.0.0/25' }))).toEqual(['SPEC_POD_CIDR_SMALL networking.podCidr']);
    expect(codes(withNetworking({ podCidr: '10.244.0.0/23' }))).toEqual(['SPEC_POD_CIDR_SMALL networking.podCidr']);
    expect(codes(withNetworking({ podCidr: '10.244.0.0/22' }))).toEqual([]);
    expect(codes(withNetworking({ serviceCidr: '10.0.0.0/11' }))).toEqual([
      'SPEC_SERVICE_CIDR_SIZE networking.serviceCidr',
    ]);
    expect(codes(withNetworking({ serviceCidr: '10.96.0.0/30' }))).toEqual([
      'SPEC_SERVICE_CIDR_SIZE networking.serviceCidr',
    ]);
  });

  test('the endpoint of a single control plane is its own address, or a name', () => {
    expect(codes(withNetworking({ controlPlaneEndpoint: '192.0.2.11:6443' }))).toEqual([]);
    expect(codes(withNetworking({ controlPlaneEndpoint: 'api.example.org:6443' }))).toEqual([]);
    expect(codes(withNetworking({ controlPlaneEndpoint: '192.0.2.99:6443' }))).toEqual([
      'SPEC_ENDPOINT_FOREIGN networking.controlPlaneEndpoint',
    ]);
    expect(codes({ nodes: controlPlanes(3), ...withNetworking({ controlPlaneEndpoint: '192.0.2.99:6443' }) })).toEqual(
      [],
    );
  });

  test('the endpoint has the port of the API server where nothing stands before it', () => {
    const port = ['SPEC_ENDPOINT_PORT networking.controlPlaneEndpoint'];
    expect(codes(withNetworking({ controlPlaneEndpoint: '192.0.2.11:8443' }))).toEqual(port);
    expect(codes({ nodes: controlPlanes(3), ...withNetworking({ controlPlaneEndpoint: '192.0.2.2:443' }) })).toEqual(
      port,
    );
    expect(codes({ nodes: controlPlanes(3), ...withNetworking({ controlPlaneEndpoint: '192.0.2.99:443' }) })).toEqual(
      [],
    );
    expect(codes(withNetworking({ controlPlaneEndpoint: 'api.example.org:443' }))).toEqual([]);
  });

  test('URLs carry no credentials, and the finding does not repeat them', () => {
    const [proxy] = findings(withNetworking({ httpProxy: { url: 'http://user:hunter2@proxy.example.org:3128' } }));
    expect(proxy).toMatchObject({ code: 'SPEC_CREDENTIALS_IN_URL', path: 'networking.httpProxy.url' });
    expect(JSON.stringify(proxy)).not.toContain('hunter2');
    expect(codes({ registry: { mirror: 'https://token@mirror.example.org' } })).toEqual([
      'SPEC_CREDENTIALS_IN_URL registry.mirror',
    ]);
  });
});

describe('waivers', () => {
  test('name a control that exists', () => {
    expect(findings({ waivers: [{ ...waiver, control: 'kubelet/anonymous', expires: '2026-12-31' }] })).toMatchObject([
      { code: 'SPEC_WAIVER_UNKNOWN_CONTROL', path: 'waivers[0].control', fix: 'did you mean kubelet/anonymous-auth?' },
    ]);
  });

  test('end, and are refused from the day after', () => {
    expect(codes({ waivers: [{ ...waiver, expires: '2026-06-01' }] })).toEqual([]);
    expect(codes({ waivers: [{ ...waiver, expires: '2026-05-31' }] })).toEqual([
      'SPEC_WAIVER_EXPIRED waivers[0].expires',
    ]);
  });

  test('have a date unless the platform forces them', () => {
    expect(codes({ waivers: [waiver] })).toEqual(['SPEC_WAIVER_UNDATED waivers[0].expires']);
    expect(codes({ waivers: [{ ...waiver, platform: true }] })).toEqual([]);
  });

  test('have a reason of 20 characters', () => {
    expect(codes({ waivers: [{ ...waiver, platform: true, reason: 'because' }] })).toEqual([
      'SPEC_VALUE waivers[0].reason',
    ]);
  });

  test('name nodes of the spec', () => {
    expect(codes({ waivers: [{ ...waiver, platform: true, nodes: ['worker-1', 'worker-9'] }] })).toEqual([
      'SPEC_WAIVER_UNKNOWN_NODE waivers[0].nodes[1]',
    ]);
  });

  test('do not fill a reason or an owner with space', () => {
    const once = { ...waiver, platform: true };
    expect(codes({ waivers: [{ ...once, reason: `because${' '.repeat(20)}` }] })).toEqual([
      'SPEC_VALUE waivers[0].reason',
    ]);
    expect(codes({ waivers: [{ ...once, owner: ' ' }] })).toEqual(['SPEC_VALUE waivers[0].owner']);
  });

  test('are limited to nodes, or to namespaces and objects', () => {
    const once = { ...waiver, platform: true };
    const objects = [{ kind: 'ServiceAccount', namespace: 'shop', name: 'default' }];
    expect(codes({ waivers: [{ ...once, namespaces: ['shop'], objects }] })).toEqual([]);
    expect(codes({ waivers: [{ ...once, nodes: ['cp-1'], namespaces: ['shop'] }] })).toEqual([
      'SPEC_WAIVER_MIXED_SCOPE waivers[0].nodes',
    ]);
    expect(codes({ waivers: [{ ...once, objects: [{ kind: 'serviceaccounts', name: 'x' }] }] })).toEqual([
      'SPEC_VALUE waivers[0].objects[0].kind',
    ]);
  });

  test('are compensated by controls that exist, and not by themselves', () => {
    const once = { ...waiver, platform: true };
    expect(codes({ waivers: [{ ...once, compensatedBy: ['network/pod-encryption'] }] })).toEqual([]);
    expect(codes({ waivers: [{ ...once, compensatedBy: ['network/pods', once.control] }] })).toEqual([
      'SPEC_WAIVER_UNKNOWN_CONTROL waivers[0].compensatedBy[0]',
      'SPEC_WAIVER_COMPENSATES_ITSELF waivers[0].compensatedBy[1]',
    ]);
  });

  test('occur once for the same nodes', () => {
    const once = { ...waiver, platform: true };
    expect(codes({ waivers: [once, once] })).toEqual(['SPEC_DUPLICATE_WAIVER waivers[1].control']);
    expect(
      codes({
        waivers: [
          { ...once, nodes: ['cp-1'] },
          { ...once, nodes: ['worker-1'] },
          { ...once, namespaces: ['shop'] },
        ],
      }),
    ).toEqual([]);
  });
});

describe('tenants', () => {
  const tenant = (name: string, namespaces: string[], registries = ['registry.example/x']) => ({
    name,
    namespaces,
    registries,
  });

  test('share no namespace with each other or with the cluster', () => {
    const shop = tenant('shop', ['shop', 'shop-test']);
    expect(codes({ tenants: [shop, tenant('bank', ['bank'])] })).toEqual([]);
    expect(codes({ tenants: [shop, tenant('shop', ['other'])] })).toEqual(['SPEC_DUPLICATE_TENANT tenants[1].name']);
    expect(codes({ tenants: [shop, tenant('bank', ['bank', 'shop'])] })).toEqual([
      'SPEC_TENANT_NAMESPACE_TAKEN tenants[1].namespaces[1]',
    ]);
    expect(codes({ namespaces: [{ name: 'shop' }], tenants: [shop] })).toEqual([
      'SPEC_TENANT_NAMESPACE_TAKEN tenants[0].namespaces[0]',
    ]);
    expect(codes({ tenants: [tenant('ops', ['kube-system'])] })).toEqual([
      'SPEC_NAMESPACE_RESERVED tenants[0].namespaces[0]',
    ]);
  });

  test('get images from where the cluster does', () => {
    const images = { registries: ['registry.example'] };
    expect(codes({ images, tenants: [tenant('shop', ['shop'])] })).toEqual([]);
    expect(codes({ images, tenants: [tenant('shop', ['shop'], ['registry.example.org/shop'])] })).toEqual([
      'SPEC_TENANT_REGISTRY tenants[0].registries[0]',
    ]);
  });
});

describe('namespaces', () => {
  const reason = { reason: 'a reason that is long enough', owner: 'somebody' };

  test.each(['privileged', 'baseline'] as const)('of level %s need a waiver that has not expired', (level) => {
    expect(codes({ namespaces: [{ name: 'legacy', level }] })).toEqual(['SPEC_NAMESPACE_UNWAIVED namespaces[0].level']);
    expect(codes({ namespaces: [{ name: 'legacy', level, waiver: { ...reason, expires: '2026-05-31' } }] })).toEqual([
      'SPEC_NAMESPACE_WAIVER_EXPIRED namespaces[0].waiver.expires',
    ]);
    expect(codes({ namespaces: [{ name: 'legacy', level, waiver: { ...reason, expires: '2026-06-01' } }] })).toEqual(
      [],
    );
  });

  test.each(['kube-system', 'kube-public', 'default', 'kube-mine'])('named %s are not redefined', (name) => {
    expect(codes({ namespaces: [{ name }] })).toEqual(['SPEC_NAMESPACE_RESERVED namespaces[0].name']);
  });

  test('occur once, and a waiver without use is a warning', () => {
    expect(codes({ namespaces: [{ name: 'shop' }, { name: 'shop' }] })).toEqual([
      'SPEC_DUPLICATE_NAMESPACE namespaces[1].name',
    ]);
    expect(codes({ namespaces: [{ name: 'shop', waiver: { ...reason, expires: '2026-12-31' } }] })).toEqual([
      'SPEC_NAMESPACE_WAIVER_UNUSED namespaces[0].waiver',
    ]);
  });
});

describe('OIDC', () => {
  const withIssuer = (changes: object) => ({ authentication: { oidc: [{ ...issuer, ...changes }] } });

  test.each(['system:', 'system:node:', 'sys', 's'])('user names never begin with %s', (usernamePrefix) => {
    expect(codes(withIssuer({ usernamePrefix }))).toEqual([
      'SPEC_OIDC_SYSTEM_PREFIX authentication.oidc[0].usernamePrefix',
    ]);
  });

  test('groups neither, and never come without a prefix', () => {
    expect(codes(withIssuer({ groupsClaim: 'groups', groupsPrefix: 'oidc:' }))).toEqual([]);
    expect(codes(withIssuer({ groupsClaim: 'groups', groupsPrefix: 'system:' }))).toEqual([
      'SPEC_OIDC_SYSTEM_PREFIX authentication.oidc[0].groupsPrefix',
    ]);
    expect(codes(withIssuer({ groupsClaim: 'groups' }))).toEqual([
      'SPEC_OIDC_GROUPS authentication.oidc[0].groupsPrefix',
    ]);
    expect(codes(withIssuer({ groupsPrefix: 'oidc:' }))).toEqual([
      'SPEC_OIDC_GROUPS authentication.oidc[0].groupsClaim',
    ]);
  });

  test('issuers use https, occur once and bring their CA as PEM', () => {
    expect(codes(withIssuer({ issuerUrl: 'http://login.example.org' }))).toEqual([
      'SPEC_VALUE authentication.oidc[0].issuerUrl',
    ]);
    expect(codes({ authentication: { oidc: [issuer, issuer] } })).toEqual([
      'SPEC_DUPLICATE_ISSUER authentication.oidc[1].issuerUrl',
    ]);
    expect(codes(withIssuer({ certificateAuthority: '/etc/ssl/ca.pem' }))).toEqual([
      'SPEC_NOT_PEM authentication.oidc[0].certificateAuthority',
    ]);
  });

  test('a private key in place of a CA is named and not repeated', () => {
    const key = `-----BEGIN EC PRIVATE ${'KEY'}-----\nc2VjcmV0\n-----END EC PRIVATE ${'KEY'}-----\n`;
    const [finding] = findings({ registry: { mirror: 'https://mirror.example.org', certificateAuthority: key } });
    expect(finding).toMatchObject({ code: 'SPEC_NOT_PEM', got: 'a private key' });
    expect(JSON.stringify(finding)).not.toContain('c2VjcmV0');
  });
});

test('a network without policies is refused unless waived', () => {
  const cni = { name: 'external', enforcesNetworkPolicies: false } as const;
  const waived = { ...waiver, control: 'network/policy-enforcement', expires: '2026-12-31' };
  expect(codes({ cni })).toEqual(['SPEC_CNI_NO_POLICIES cni.enforcesNetworkPolicies']);
  expect(codes({ cni: { ...cni, enforcesNetworkPolicies: true } })).toEqual([]);
  expect(codes({ cni, waivers: [waived] })).toEqual([]);
  for (const scope of [{ nodes: ['worker-1'] }, { namespaces: ['shop'] }]) {
    expect(codes({ cni, waivers: [{ ...waived, ...scope }] })).toHaveLength(1);
  }
});

test('a network without encryption between the nodes is refused unless waived', () => {
  const cni = { name: 'cilium', encryption: 'none' } as const;
  const waived = { ...waiver, control: 'network/pod-encryption', expires: '2026-12-31' };
  expect(findings({ cni })).toMatchObject([
    { code: 'SPEC_CNI_NO_ENCRYPTION', path: 'cni.encryption', fix: expect.stringContaining('encryption: wireguard') },
  ]);
  expect(codes({ cni: { ...cni, encryption: 'wireguard' } })).toEqual([]);
  expect(codes({ cni, waivers: [waived] })).toEqual([]);
});

describe('extra arguments', () => {
  test.each([
    ['kube-apiserver', 'authorization-mode', 'AlwaysAllow'],
    ['kube-apiserver', 'authorization-mode', 'Node,RBAC,ABAC'],
    ['kube-apiserver', 'authorization-policy-file', '/etc/abac.jsonl'],
    ['kube-apiserver', 'authorization-config', '/etc/authz.yaml'],
    ['kube-apiserver', 'token-auth-file', '/etc/tokens.csv'],
    ['kube-apiserver', 'token_auth_file', '/etc/tokens.csv'],
    ['kube-apiserver', '--token-auth-file', '/etc/tokens.csv'],
    ['kube-apiserver', 'basic-auth-file', '/etc/basic.csv'],
    ['kube-apiserver', 'anonymous-auth', 'true'],
    ['kube-apiserver', 'insecure-port', '8080'],
    ['kube-apiserver', 'insecure-bind-address', '0.0.0.0'],
    ['kube-apiserver', 'anonymous-auth', 'false'],
    ['kube-apiserver', 'disable-admission-plugins', 'NodeRestriction'],
    ['kube-apiserver', 'disable-admission-plugins', 'ServiceAccount'],
    ['kube-apiserver', 'runtime-config', 'api/all=true'],
    ['kube-apiserver', 'runtime-config', 'api/beta=true,storage.k8s.io/v1alpha1'],
    ['kube-apiserver', 'runtime-config', 'resource.k8s.io/v1alpha3/devicetaintrules=true'],
    ['kube-apiserver', 'service-account-lookup', 'false'],
    ['kube-apiserver', 'oidc-issuer-url', 'https://login.example.org'],
    ['kube-apiserver', 'authorization-webhook-config-file', '/etc/kubernetes/pki/webhook.conf'],
    ['kube-apiserver', 'authentication-token-webhook-config-file', '/etc/kubernetes/pki/webhook.conf'],
    ['etcd', 'enable-pprof', 'true'],
    ['kube-controller-manager', 'port', '10252'],
    ['kube-controller-manager', 'authorization-always-allow-paths', '/healthz,/metrics'],
    ['kube-scheduler', 'address', '0.0.0.0'],
    ['etcd', 'client-cert-auth', 'false'],
    ['etcd', 'auto-tls', 'true'],
    ['etcd', 'listen-client-urls', 'https://127.0.0.1:2379,http://0.0.0.0:2381'],
  ])('%s --%s=%s is refused by name', (component, name, value) => {
    const found = findings({ extraArguments: { [component]: { [name]: value } } });
    expect(found).toMatchObject([{ code: 'SPEC_FORBIDDEN_ARGUMENT', fix: 'remove it; no waiver allows it' }]);
    expect(found[0]?.path).toContain(component);
  });

  test.each(['kubelet/anonymous-auth', 'network/policy-enforcement'])('and no waiver (%s) allows it', (control) => {
    const changes = {
      extraArguments: { 'kube-apiserver': { 'token-auth-file': '/t' } },
      waivers: [{ ...waiver, control, platform: true }],
    };
    expect(codes(changes)).toEqual(['SPEC_FORBIDDEN_ARGUMENT extraArguments.kube-apiserver.token-auth-file']);
  });

  test('that do no harm are accepted, misspelt names are not', () => {
    expect(codes({ extraArguments: { 'kube-apiserver': { 'max-requests-inflight': '800' } } })).toEqual([]);
    expect(
      codes({ extraArguments: { 'kube-apiserver': { 'runtime-config': 'storage.k8s.io/v1alpha1=false' } } }),
    ).toEqual([]);
    expect(codes({ extraArguments: { 'kube-apiserver': { '--max-requests-inflight': '800' } } })).toEqual([
      'SPEC_ARGUMENT_NAME extraArguments.kube-apiserver.--max-requests-inflight',
    ]);
    expect(codes({ extraArguments: { kubeapiserver: { v: '2' } } as never })).toEqual([
      'SPEC_UNKNOWN_KEY extraArguments.kubeapiserver',
    ]);
  });
});
