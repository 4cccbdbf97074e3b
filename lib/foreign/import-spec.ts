import { flagValues } from '../checks/arguments';
import { at, list, show } from '../checks/values';
import type { ProfileName } from '../profiles/profile';
import { minors, releases } from '../release';
import type { Json } from '../settings/setting';
import type { ClusterSpecInput } from '../spec/cluster-spec';
import { dnsLabel } from '../spec/primitives';
import { type ClusterFacts, factOf } from './cluster-facts';
import type { ForeignCluster } from './describe-cluster';
import { argumentsOf, extraArgumentsOf, type FreeValue } from './import-arguments';
import { namespacesOf, nodeFieldsOf } from './import-nodes';
import { oidcFiles, oidcOf, type TextOf } from './import-oidc';
import { dnsUpstreamsOf, kubeletFieldsOf } from './import-settings';

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
  /** What of the components' arguments a spec may give. */
  readonly freeValue: FreeValue;
  /** Fields of the kubelet's configuration that controls decide on. */
  readonly ownedKubeletFields: ReadonlySet<string>;
  /** Texts of files of the first control plane. */
  readonly textOf: TextOf;
}

/** A running cluster as the spec that comes closest. */
export interface ImportedSpec {
  readonly spec: ClusterSpecInput;
  /** Whether the cluster was made of this spec, and nothing had to be guessed. */
  readonly recorded: boolean;
  /** What the spec cannot take over, one sentence each. */
  readonly lost: readonly string[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
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
  const [host, port] = hostAndPort(networking.controlPlaneEndpoint);
  // What the spec says of itself: the first control plane, and the endpoint.
  const endpoint = host === first && port === '6443' ? undefined : networking.controlPlaneEndpoint;
  const extraNames = names.filter((one) => one !== first && one !== host);
  const machine = (name: string) => options.machines.get(name);
  const args = apiServerArguments(facts, cluster);
  const oidc = oidcOf(args, options.textOf);
  const extra = extraArgumentsOf(facts, firstControlPlane(cluster), (component, name, value) =>
    name.startsWith('oidc-') ? undefined : options.freeValue(component, name, value),
  );
  const fields = nodeFieldsOf(facts);
  const namespaces = namespacesOf(facts);
  const resolvers = dnsUpstreamsOf(facts);
  const parts = [oidc, extra, fields, namespaces, resolvers, kubeletFieldsOf(facts, options.ownedKubeletFields)];
  return {
    recorded: false,
    spec: {
      name: nameOf(options.name ?? text(at(configuration, 'clusterName')) ?? cluster.spec.name),
      kubernetesVersion: minor,
      profile: options.profile,
      nodes: nodes.map(({ name, role, address }) => {
        const { ssh, hostKey = missingHostKey } = machine(name) ?? {};
        return { name, role, address, hostKey, ...(ssh && { ssh }), ...fields.value.get(name) };
      }),
      networking: {
        podCidr: networking.podCidr,
        serviceCidr: networking.serviceCidr,
        dnsDomain: networking.dnsDomain,
        ...(endpoint !== undefined && { controlPlaneEndpoint: endpoint }),
        ...(extraNames.length > 0 && { certificateNames: extraNames }),
        allowedApiCidrs: [...options.allowedApiCidrs],
        operatorCidrs: [...options.operatorCidrs],
        ...(resolvers.value.length > 0 && { dnsUpstreams: [...resolvers.value] }),
      },
      ...(oidc.value.length > 0 && { authentication: { oidc: [...oidc.value] } }),
      ...(namespaces.value.length > 0 && { namespaces: namespaces.value }),
      cni:
        cni.name === 'cilium'
          ? { name: 'cilium', encryption: 'wireguard', kubeProxyReplacement: cni.kubeProxyReplacement }
          : cni,
      ...(Object.keys(extra.value).length > 0 && { extraArguments: extra.value }),
    },
    lost: [
      ...version(cluster.spec.kubernetesVersion, releases[minor].kubernetes),
      ...topology(cluster),
      ...ranges(configuration),
      ...network(cni.name === 'cilium', cilium),
      ...unowned(configuration),
      ...parts.flatMap(({ lost }) => lost),
    ],
    unread: [...unread(args), ...parts.flatMap((part) => part.unread)],
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

function hostAndPort(endpoint = ''): readonly [host: string, port: string] {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(endpoint) ?? [];
  return [host, port];
}

/** Files of the first control plane whose text `importSpec` wants to see. */
export const importedFiles = (facts: ClusterFacts, cluster: ForeignCluster): readonly string[] =>
  cluster.recorded ? [] : oidcFiles(apiServerArguments(facts, cluster));

function apiServerArguments(facts: ClusterFacts, cluster: ForeignCluster): readonly string[] {
  return argumentsOf(facts, firstControlPlane(cluster), 'kube-apiserver').map(
    ({ name, value }) => `--${name}=${value}`,
  );
}

const firstControlPlane = ({ spec }: ForeignCluster): string =>
  spec.nodes.find(({ role }) => role === 'control-plane')?.name ?? '';

/** Keys of etcd are nobody's to read, and the way of images is containerd's. */
const unread = (args: readonly string[]): readonly string[] => [
  ...flagValues(args, 'encryption-provider-config').map(
    (path) => `${path}, which holds keys: name what is encrypted beside Secrets and ConfigMaps in encryption.resources`,
  ),
  'mirrors of image registries, which containerd of each node knows: registry.mirror names one',
];

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

const unowned = (configuration: Json): readonly string[] =>
  fields.flatMap(([field, usual]) => {
    const value = at(configuration, field);
    return value === undefined || show(value) === usual ? [] : [`${field}: ${show(value)}`];
  });
