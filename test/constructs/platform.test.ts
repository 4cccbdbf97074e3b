import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { synthPlatform } from '../../constructs/platform';
import { readPod } from '../../lib/pod-security/pod';
import { judgePod } from '../../lib/pod-security/pod-security';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { clusterOf, manifestsOf } from './platform-fixture';

const cases = {
  cilium: {
    namespaces: [
      { name: 'shop' },
      {
        name: 'monitoring',
        level: 'privileged',
        waiver: { reason: 'node agents need the host', owner: 'platform', expires: '2030-01-31' },
      },
    ],
  },
  tenants: {
    tenants: [
      {
        name: 'shop',
        namespaces: ['shop', 'shop-test'],
        groups: [{ group: 'oidc:shop-developers', role: 'developer', interactive: ['exec'] }],
        registries: ['registry.example/shop'],
        quota: { pods: 40 },
      },
    ],
  },
  'metrics-server': { metricsServer: true },
  'external-network': {
    cni: { name: 'external', enforcesNetworkPolicies: true },
    namespaces: [{ name: 'shop' }],
  },
} satisfies Readonly<Record<string, Partial<ClusterSpecInput>>>;

const goldenOf = (name: string): string => join(__dirname, '../golden/platform', name);

/** Every object of some manifests. */
function objectsOf(manifests: Readonly<Record<string, string>>) {
  return Object.values(manifests).flatMap((yaml) => parseAllDocuments(yaml).map((document) => document.toJSON()));
}

describe.each(Object.entries(cases))('the manifests of %s', (name, changes) => {
  test('are what test/golden holds (`UPDATE_GOLDEN=1` writes them anew)', () => {
    const manifests = manifestsOf(changes);
    if (process.env.UPDATE_GOLDEN) {
      rmSync(goldenOf(name), { recursive: true, force: true });
      mkdirSync(goldenOf(name), { recursive: true });
      for (const [file, yaml] of Object.entries(manifests)) writeFileSync(join(goldenOf(name), file), yaml);
    }
    const held = Object.fromEntries(
      readdirSync(goldenOf(name)).map((file) => [file, readFileSync(join(goldenOf(name), file), 'utf8')]),
    );
    expect(manifests).toEqual(held);
  });

  test('name no object twice', () => {
    const names = objectsOf(manifestsOf(changes)).map(
      ({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
    );
    expect(names.filter((entry, index) => names.indexOf(entry) !== index)).toEqual([]);
  });
});

describe('tenants of the spec', () => {
  test('get namespaces, limits, rights, a boundary and tokenless default accounts', () => {
    const objects = objectsOf(manifestsOf(cases.tenants));
    const of = (kind: string, namespace?: string) =>
      objects.filter((object) => object.kind === kind && object.metadata.namespace === namespace);
    expect(of('Namespace').map(({ metadata }) => metadata.name)).toEqual(['shop', 'shop-test']);
    for (const namespace of ['shop', 'shop-test']) {
      for (const kind of ['ResourceQuota', 'LimitRange', 'RoleBinding', 'NetworkPolicy', 'ServiceAccount']) {
        expect([kind, of(kind, namespace).length > 0]).toEqual([kind, true]);
      }
    }
    expect(of('FlowSchema').map(({ metadata }) => metadata.name)).toContain('bulwark-tenant-shop');
  });

  test('are a file of their own only where there are some', () => {
    expect(Object.keys(manifestsOf(cases.tenants))).toContain('15-tenants.k8s.yaml');
    expect(Object.keys(manifestsOf())).not.toContain('15-tenants.k8s.yaml');
  });
});

describe('metrics-server', () => {
  const objects = objectsOf(manifestsOf({ metricsServer: true }));
  const pod = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'metrics-server').spec
    .template;

  test('is there only where the spec asks for it', () => {
    expect(Object.keys(manifestsOf({ metricsServer: true }))).toContain('45-metrics-server.k8s.yaml');
    expect(Object.keys(manifestsOf())).not.toContain('45-metrics-server.k8s.yaml');
  });

  test('verifies kubelets and is verified', () => {
    const [{ args }] = pod.spec.containers;
    expect(args.filter((arg: string) => arg.startsWith('--kubelet-certificate-authority='))).toHaveLength(1);
    expect(args.join(' ')).not.toContain('insecure');
    const { metadata, spec } = objects.find(({ kind }) => kind === 'APIService');
    expect(spec).not.toHaveProperty('insecureSkipTLSVerify');
    expect(metadata.annotations['bulwark.dev/serving-certificate']).toBe(pod.spec.volumes[0].secret.secretName);
  });

  test('passes Pod Security restricted', () => {
    expect(judgePod(readPod(pod.metadata, pod.spec), 'restricted')).toEqual([]);
  });
});

describe('what controls ask for', () => {
  test('a feature that no control asks for is not rendered', () => {
    expect(Object.keys(synthPlatform(clusterOf(), []))).toEqual(['30-cilium.k8s.yaml']);
  });

  test('a kept kube-proxy is on the list of the guard, a replaced one is not', () => {
    const keeps = { cni: { name: 'cilium', kubeProxyReplacement: false } } as const;
    expect(manifestsOf(keeps)['20-admission.k8s.yaml']).toContain('"kube-proxy"');
    expect(manifestsOf()['20-admission.k8s.yaml']).not.toContain('"kube-proxy"');
  });

  test.each([
    ['wireguard', 'true'],
    ['none', 'false'],
  ] as const)('encryption %s', (encryption, expected) => {
    const manifests = manifestsOf({ cni: { name: 'cilium', encryption } });
    const config = objectsOf(manifests).find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config',
    );
    expect(config.data['enable-wireguard']).toBe(expected);
  });

  test('a changed configuration replaces the pods that read it', () => {
    const digestOf = (encryption: 'wireguard' | 'none') =>
      objectsOf(manifestsOf({ cni: { name: 'cilium', encryption } }))
        .filter(({ kind }) => kind === 'DaemonSet' || kind === 'Deployment')
        .map(({ spec }) => spec.template.metadata.annotations['bulwark.dev/config-digest']);
    const [agent, operator] = digestOf('none');
    expect(agent).toMatch(/^[0-9a-f]{16}$/);
    expect(operator).toBe(agent);
    expect(digestOf('wireguard')).not.toContain(agent);
  });

  test('resolvers that the spec names are the only ones that cluster DNS may ask', () => {
    const networking = { ...clusterOf().spec.networking, dnsUpstreams: ['192.0.2.53', '2001:db8::53'] };
    const policy = objectsOf(manifestsOf({ networking })).find(
      ({ metadata }) => metadata.name === 'bulwark-cluster-dns',
    );
    expect(policy.spec.egress[1].toCIDR).toEqual(['192.0.2.53/32', '2001:db8::53/128']);
    expect(policy.spec.egress[1]).not.toHaveProperty('toEntities');
  });
});
