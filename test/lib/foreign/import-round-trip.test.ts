import { parse } from 'yaml';
import { authenticationFile } from '../../../kubeadm/documents/authentication-configuration';
import { clusterConfiguration } from '../../../kubeadm/documents/cluster-configuration';
import { kubeletConfiguration } from '../../../kubeadm/documents/kubelet-configuration';
import { freeValue } from '../../../kubeadm/plan/extra-arguments';
import { planCluster } from '../../../kubeadm/plan/plan-cluster';
import type { Planning } from '../../../kubeadm/plan/planning';
import { catalogue } from '../../../lib/controls/registry';
import { HardeningError } from '../../../lib/errors';
import type { ClusterFacts } from '../../../lib/foreign/cluster-facts';
import { describeCluster } from '../../../lib/foreign/describe-cluster';
import { importedFiles, importSpec } from '../../../lib/foreign/import-spec';
import { describeRecorded } from '../../../lib/foreign/recorded-cluster';
import type { ProfileName } from '../../../lib/profiles/profile';
import { resolve } from '../../../lib/resolve';
import type { Json } from '../../../lib/settings/setting';
import type { ClusterSpec, ClusterSpecInput } from '../../../lib/spec/cluster-spec';
import { parseSpec } from '../../../lib/spec/parse';
import { sparse } from '../../../lib/spec/spec-record';
import { inputs } from '../../support/bundle-inputs';
import { fuzz, randomOf } from '../../support/random';
import { randomSpec } from '../../support/random-spec';

const { seeds, name } = fuzz(150);
const parsed = (spec: ClusterSpecInput): ClusterSpec =>
  parseSpec(spec, { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) }).spec;
const planned = (spec: ClusterSpec): Planning => planCluster(resolve(spec, catalogue), inputs.programs).planning;
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));
const authentication = (planning: Planning): string | undefined =>
  planning.cluster.controlPlanes.flatMap((node) => authenticationFile(planning, node))[0]?.content;

/** What a cluster that was made of these documents tells. */
function factsOf(planning: Planning): ClusterFacts {
  const { spec, release, keepsKubeProxy } = planning.cluster;
  const configuration = json(clusterConfiguration(planning)) as {
    apiServer: { extraArgs: { name: string; value: string }[] };
  };
  const leads = 'node-role.kubernetes.io/control-plane';
  return {
    version: { fact: `v${release.kubernetes}` },
    nodes: {
      fact: spec.nodes.map((node) =>
        json({
          metadata: {
            name: node.name,
            labels: {
              'kubernetes.io/os': 'linux',
              ...(node.role === 'control-plane' && { [leads]: '' }),
              ...node.labels,
            },
          },
          spec: {
            taints: [...(node.role === 'control-plane' ? [{ key: leads, effect: 'NoSchedule' }] : []), ...node.taints],
          },
          status: { addresses: [{ type: 'InternalIP', address: node.address }] },
        }),
      ) as ClusterFacts['nodes'] extends { fact: infer T } ? T : never,
    },
    staticPods: {
      fact: planning.cluster.controlPlanes.map((node) => ({
        metadata: { name: `kube-apiserver-${node.name}` },
        spec: {
          nodeName: node.name,
          containers: [
            {
              command: [
                'kube-apiserver',
                ...configuration.apiServer.extraArgs.map((argument) => `--${argument.name}=${argument.value}`),
              ],
            },
          ],
        },
        status: { phase: 'Running' },
      })),
    },
    clusterConfiguration: { fact: json(configuration) },
    namespaces: {
      fact: spec.namespaces.map((namespace) => ({
        metadata: { name: namespace.name, labels: { 'pod-security.kubernetes.io/enforce': namespace.level } },
      })),
    },
    ciliumConfig: {
      fact: spec.cni.name === 'cilium' ? { 'enable-wireguard': `${spec.cni.encryption === 'wireguard'}` } : null,
    },
    hasKubeProxy: { fact: keepsKubeProxy },
    recordedSpec: { fact: null },
    kubeletConfiguration: { fact: json(kubeletConfiguration(planning)) },
    corefile: {
      fact: `.:53 {\n    forward . ${spec.networking.dnsUpstreams.join(' ') || '/etc/resolv.conf'} {\n    }\n}\n`,
    },
  };
}

/** The part of a spec that a running cluster can tell, with a profile that has a name. */
function tellable(input: Record<string, unknown>): ClusterSpecInput {
  const { waivers: _, metricsServer: __, verification: ___, registry: ____, ...rest } = input;
  return rest as unknown as ClusterSpecInput;
}

/** The documents and fields that the import reads. */
const visible = (planning: Planning) => {
  const { spec } = planning.cluster;
  return {
    clusterConfiguration: json(clusterConfiguration(planning)),
    authentication: parse(authentication(planning) ?? 'null'),
    nodes: spec.nodes.map(({ ssh: _, ...node }) => node),
    // A waiver does nothing for a restricted one.
    namespaces: spec.namespaces.filter(({ level }) => level === 'restricted').map((one) => one.name),
    cni: spec.cni,
    dnsUpstreams: spec.networking.dnsUpstreams,
  };
};

test(`${name}: a spec, its documents, the facts they tell, and the spec that is imported from them`, () => {
  const seen = { imported: 0, issuers: 0, arguments: 0, named: 0, namespaces: 0 };
  for (const seed of seeds) {
    let planning: Planning;
    try {
      planning = planned(parsed(tellable(randomSpec(randomOf(seed)))));
    } catch (error) {
      if (error instanceof HardeningError) continue;
      throw error;
    }
    const { spec } = planning.cluster;
    const facts = factsOf(planning);
    const cluster = describeCluster(facts, { name: 'other', profile: spec.profile as ProfileName });
    const texts = new Map(importedFiles(facts, cluster).map((path) => [path, authentication(planning) ?? null]));
    const bare = planned({ ...spec, extraArguments: {} });
    const imported = importSpec(facts, cluster, {
      profile: spec.profile as ProfileName,
      allowedApiCidrs: spec.networking.allowedApiCidrs,
      operatorCidrs: spec.networking.operatorCidrs,
      freeValue: (component, argument, value) => freeValue(bare.settings, component, argument, value),
      ownedKubeletFields: new Set(
        planning.settings.of('kubelet-field').map(({ setting }) => setting.path.split('.')[0] ?? ''),
      ),
      textOf: (path) => ({ fact: texts.get(path) ?? null }),
      machines: new Map(spec.nodes.map((node) => [node.name, { hostKey: node.hostKey }])),
    });
    try {
      expect(visible(planned(parsed(imported.spec)))).toEqual(visible(planning));
      const lower = spec.namespaces.filter(({ level }) => level !== 'restricted').map((one) => one.name);
      for (const namespace of lower) expect(imported.lost.join('\n')).toContain(`namespace ${namespace} enforces`);
      expect(imported.lost.filter((line) => /OIDC|argument|kubelet|CoreDNS|workloads/.test(line))).toEqual([]);
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify(imported)}`, { cause: error });
    }
    seen.imported += 1;
    seen.issuers += spec.authentication.oidc.length;
    seen.arguments += Object.keys(spec.extraArguments['kube-apiserver'] ?? {}).length;
    seen.named += spec.networking.certificateNames.length;
    seen.namespaces += spec.namespaces.length;
  }
  // Every kind of field was there.
  expect(Object.entries(seen).filter(([, count]) => count < seeds.length * 0.01)).toEqual([]);
}, 3_600_000);

test(`${name}: the record in the cluster gives back the spec that it was made of, short and whole`, () => {
  let recorded = 0;
  for (const seed of seeds) {
    let spec: ClusterSpec;
    let planning: Planning;
    try {
      spec = parsed(randomSpec(randomOf(seed)) as unknown as ClusterSpecInput);
      planning = planned(spec);
    } catch (error) {
      if (error instanceof HardeningError) continue;
      throw error;
    }
    const facts = { ...factsOf(planning), recordedSpec: { fact: JSON.stringify(spec) } };
    const cluster = describeRecorded(facts, { name: 'other', profile: 'internet-facing' });
    expect(cluster).toMatchObject({ recorded: true, spec, warnings: [] });
    const short = sparse(cluster.spec);
    expect(JSON.stringify(short)).not.toMatch(/\{\}|\[\]/);
    expect(parsed(short)).toEqual(spec);
    recorded += 1;
  }
  expect(recorded).toBeGreaterThan(seeds.length * 0.1);
}, 3_600_000);

test('a record of another version, and nodes that came or went since, are named', () => {
  const planning = planned(parsed(tellable(randomSpec(randomOf(firstRendered())))));
  const facts = factsOf(planning);
  const how = { name: 'other', profile: 'internet-facing' } as const;
  const described = (fact: unknown) =>
    describeRecorded({ ...facts, recordedSpec: { fact: typeof fact === 'string' ? fact : JSON.stringify(fact) } }, how);
  const { spec } = planning.cluster;
  for (const broken of ['{', { ...spec, shape: 'round' }, { ...spec, nodes: [] }]) {
    const { recorded, warnings } = described(broken);
    expect({ recorded, warnings: warnings.join() }).toEqual({
      recorded: undefined,
      warnings: expect.stringContaining('kube-system/bulwark-spec is no spec of this version'),
    });
  }
  const [first] = spec.nodes;
  expect(described({ ...spec, nodes: [...spec.nodes, { ...first, name: 'gone' }] }).warnings).toEqual([
    'node gone is in the record of the spec and not in the cluster',
  ]);
});

function firstRendered(): number {
  const found = seeds.find((seed) => {
    try {
      return planned(parsed(tellable(randomSpec(randomOf(seed)))));
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error('no seed gives a spec');
  return found;
}
