import { at, list, show } from '../checks/values';
import type { ProfileName } from '../profiles/profile';
import { minors, releases } from '../release';
import type { Json } from '../settings/setting';
import type { ClusterSpecInput } from '../spec/cluster-spec';
import { dnsLabel } from '../spec/primitives';
import { type ClusterFacts, factOf } from './cluster-facts';
import type { ForeignCluster } from './describe-cluster';

type NodeInput = ClusterSpecInput['nodes'][number];

export interface ImportOptions {
  /** @default the name that kubeadm gave the cluster */
  readonly name?: string;
  readonly profile: ProfileName;
  /** Who may reach the API server: no cluster tells. */
  readonly allowedApiCidrs: readonly string[];
  /** Who may reach SSH on the nodes: no cluster tells. */
  readonly operatorCidrs: readonly string[];
  /** By node, how its machine is logged in to, and its host key where it is known. */
  readonly machines: ReadonlyMap<string, Pick<NodeInput, 'ssh'> & { readonly hostKey?: string }>;
  /** Arguments that controls decide on: those of a running cluster are no loss. */
  readonly owned: ReadonlySet<string>;
}

/** A running cluster as the spec that comes closest. */
export interface ImportedSpec {
  readonly spec: ClusterSpecInput;
  /** What the spec cannot take over, one sentence each. */
  readonly lost: readonly string[];
  /** Nodes and jump hosts whose host key is still to be read. */
  readonly unpinned: readonly string[];
}

/** Stands for a host key that nobody knows yet; no spec with it parses, and `bulwark inventory scan` replaces it. */
export const missingHostKey = 'REPLACE with `bulwark inventory scan`';

/** The spec that comes closest to a running cluster. What Bulwark decides itself, it goes on deciding. */
export function importSpec(facts: ClusterFacts, cluster: ForeignCluster, options: ImportOptions): ImportedSpec {
  const configuration = factOf(facts.clusterConfiguration) ?? null;
  const { networking, nodes, cni } = cluster.spec;
  const minor = minors.find((one) => cluster.spec.kubernetesVersion.startsWith(`${one}.`)) ?? minors.at(-1) ?? '1.36';
  const cilium = factOf(facts.ciliumConfig);
  const names = list(at(configuration, 'apiServer.certSANs')).map(show);
  const first = nodes.find(({ role }) => role === 'control-plane')?.address ?? '';
  const endpoint = networking.controlPlaneEndpoint === `${first}:6443` ? undefined : networking.controlPlaneEndpoint;
  // What the spec says of itself: the first control plane, and the endpoint.
  const extraNames = names.filter((one) => one !== first && one !== endpoint?.replace(/:\d+$/, ''));
  const machine = (name: string) => options.machines.get(name);
  return {
    spec: {
      name: nameOf(options.name ?? text(at(configuration, 'clusterName')) ?? cluster.spec.name),
      kubernetesVersion: minor,
      profile: options.profile,
      nodes: nodes.map(({ name, role, address }) => {
        const { ssh, hostKey = missingHostKey } = machine(name) ?? {};
        return { name, role, address, hostKey, ...(ssh && { ssh }) };
      }),
      networking: {
        podCidr: networking.podCidr,
        serviceCidr: networking.serviceCidr,
        dnsDomain: networking.dnsDomain,
        ...(endpoint !== undefined && { controlPlaneEndpoint: endpoint }),
        ...(extraNames.length > 0 && { certificateNames: extraNames }),
        allowedApiCidrs: [...options.allowedApiCidrs],
        operatorCidrs: [...options.operatorCidrs],
      },
      cni:
        cni.name === 'cilium'
          ? { name: 'cilium', encryption: 'wireguard', kubeProxyReplacement: cni.kubeProxyReplacement }
          : cni,
    },
    lost: [
      ...version(cluster.spec.kubernetesVersion, releases[minor].kubernetes),
      ...topology(cluster),
      ...ranges(configuration),
      ...network(cni.name === 'cilium', cilium),
      ...unowned(configuration, options.owned),
    ],
    unpinned: [
      ...nodes.map(({ name }) => name).filter((name) => machine(name)?.hostKey === undefined),
      ...new Set(
        nodes
          .map(({ name }) => machine(name)?.ssh?.jump)
          .flatMap((jump) => (jump?.hostKey === missingHostKey ? [`jump host ${jump.address}`] : [])),
      ),
    ],
  };
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' && value ? value : undefined);

/** A name as a spec may have it: kubeconfigs call clusters `user@host` and the like. */
function nameOf(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return dnsLabel.safeParse(label).success ? label : 'imported';
}

const version = (now: string, then: string): readonly string[] =>
  now === then ? [] : [`Kubernetes ${now}: Bulwark makes ${then}`];

function topology({ spec, hasExternalEtcd }: ForeignCluster): readonly string[] {
  const leaders = spec.nodes.filter(({ role }) => role === 'control-plane').length;
  return [
    ...(leaders > 1 ? [`${leaders} control planes: specs with several are rendered and not yet applied`] : []),
    ...(hasExternalEtcd ? ['external etcd: Bulwark runs etcd on its control planes'] : []),
  ];
}

function ranges(configuration: Json): readonly string[] {
  return ['podSubnet', 'serviceSubnet'].flatMap((field) => {
    const [first, ...others] = text(at(configuration, `networking.${field}`))?.split(',') ?? [];
    return others.length > 0 ? [`networking.${field}: ${others.join(', ')}: a spec has one range, ${first}`] : [];
  });
}

function network(isCilium: boolean, config: Json | undefined): readonly string[] {
  if (!isCilium) {
    return [
      'the pod network is not Cilium: it stays somebody else’s, and `enforcesNetworkPolicies` is for you to check',
    ];
  }
  return at(config ?? null, 'enable-wireguard') === 'true'
    ? []
    : [
        'Cilium without WireGuard: the spec encrypts traffic between nodes; waive network/pod-encryption where it cannot',
      ];
}

/** Fields of kubeadm's ClusterConfiguration that a spec has no place for, with kubeadm's defaults. */
const fields: readonly (readonly [string, string])[] = [
  ['imageRepository', 'registry.k8s.io'],
  ['dns.imageRepository', ''],
  ['etcd.local.dataDir', '/var/lib/etcd'],
  ['certificatesDir', '/etc/kubernetes/pki'],
  ['featureGates', '{}'],
];
const components = ['apiServer', 'controllerManager', 'scheduler', 'etcd.local'];

function unowned(configuration: Json, owned: ReadonlySet<string>): readonly string[] {
  const found = fields.flatMap(([field, usual]) => {
    const value = at(configuration, field);
    return value === undefined || show(value) === usual ? [] : [`${field}: ${show(value)}`];
  });
  const extra = components.flatMap((component) =>
    list(at(configuration, `${component}.extraArgs`))
      .filter((argument) => !owned.has(show(at(argument, 'name'))))
      .map(
        (argument) =>
          `${component}: --${show(at(argument, 'name'))}=${show(at(argument, 'value'))}: no control decides on it; extraArguments may keep it`,
      ),
  );
  return [...found, ...extra];
}
