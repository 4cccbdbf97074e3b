import type { ObjectFact } from '../checks/objects';
import { at, list, show } from '../checks/values';
import { HardeningError } from '../errors';
import type { ProfileName } from '../profiles/profile';
import { minors, releases } from '../release';
import type { SeenCluster } from '../resolve';
import type { Json } from '../settings/setting';
import type { ClusterSpec, NodeSpec, Role } from '../spec/cluster-spec';
import { type ClusterFacts, factOf, type InventoryHost, type Seen } from './cluster-facts';
import { roleOfHost } from './inventory-access';
import { apiServerPaths } from './static-pods';

/** A running cluster in the terms of a spec, so that the same controls are held against it. */
export interface ForeignCluster {
  readonly spec: ClusterSpec;
  /** Whether `spec` is the cluster's own record of what it was made of. @default false */
  readonly recorded?: boolean;
  readonly seen: SeenCluster;
  /** Host of the inventory that reaches each node, by node name; nodes without one are left out. */
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  /** Whether etcd runs elsewhere, where nothing of it is seen. */
  readonly hasExternalEtcd: boolean;
  /** What the description rests on less than it should, for the reader. */
  readonly warnings: readonly string[];
}

export interface DescribeOptions {
  readonly name: string;
  readonly profile: ProfileName;
  /** Undefined where nobody gave an inventory. */
  readonly hosts?: readonly InventoryHost[];
}

const controlPlaneLabel = 'node-role.kubernetes.io/control-plane';

/**
 * Describes a cluster by what it tells of itself; the profile says what is expected of it.
 *
 * @throws HardeningError of kind `usage` where nothing tells which nodes there are
 */
export function describeCluster(facts: ClusterFacts, options: DescribeOptions): ForeignCluster {
  const hosts = options.hosts ?? [];
  const nodes = factOf(facts.nodes)?.map(nodeOf) ?? hosts.map(nodeOfHost);
  if (!nodes.some(({ role }) => role === 'control-plane')) throw noControlPlane(facts.nodes);
  const matches = new Map(
    nodes.flatMap((node) => {
      const host = hosts.find((one) => isHostOf(one, node));
      return host ? [[node.name, host] as const] : [];
    }),
  );
  const strangers = hosts.filter((host) => ![...matches.values()].includes(host));
  const configuration = factOf(facts.clusterConfiguration);
  const newest = minors.at(-1) ?? '1.36';
  const kubernetes = versionOf(facts) ?? releases[newest].kubernetes;
  const known = minors.find((minor) => kubernetes.startsWith(`${minor}.`)) ?? newest;
  const first = nodes.find(({ role }) => role === 'control-plane')?.name ?? '';
  return {
    spec: {
      name: options.name,
      kubernetesVersion: kubernetes,
      profile: options.profile,
      nodes: nodes.map((node) => withPort(node, matches.get(node.name))),
      ssh: {},
      networking: {
        podCidr: text(configuration, 'networking.podSubnet')?.split(',')[0] ?? '10.244.0.0/16',
        serviceCidr: text(configuration, 'networking.serviceSubnet')?.split(',')[0] ?? '10.96.0.0/12',
        dnsDomain: text(configuration, 'networking.dnsDomain') ?? 'cluster.local',
        controlPlaneEndpoint: text(configuration, 'controlPlaneEndpoint'),
        certificateNames: [],
        allowedApiCidrs: ['0.0.0.0/0'],
        operatorCidrs: ['0.0.0.0/0'],
        dnsUpstreams: [],
        ntpServers: [],
      },
      authentication: { oidc: [] },
      encryption: { resources: [] },
      namespaces: (factOf(facts.namespaces) ?? [])
        .map((namespace) => show(at(namespace, 'metadata.name')))
        .filter((name) => !name.startsWith('kube-'))
        .map((name) => ({ name, level: 'restricted' as const })),
      tenants: [],
      images: { registries: [], pinning: 'tag' },
      cni: networkOf(facts),
      metricsServer: false,
      artifacts: { source: 'source' },
      extraArguments: {},
      waivers: [],
    },
    seen: {
      release: { ...releases[known], kubernetes },
      paths: apiServerPaths(factOf(facts.staticPods) ?? [], first),
    },
    hosts: matches,
    hasExternalEtcd: at(configuration, 'etcd.external') !== undefined,
    warnings: [
      ...missing(facts),
      ...strangers.map(({ name }) => `host ${name} of the inventory is no node of this cluster`),
      ...(kubernetes.startsWith(`${known}.`)
        ? []
        : [`the checks are made for Kubernetes ${minors.join(', ')}; this cluster runs ${kubernetes}`]),
    ],
  };
}

/** Version of the API server, else of the first kubelet that tells one. */
function versionOf({ version, nodes }: ClusterFacts): string | undefined {
  const kubelets = (factOf(nodes) ?? []).map((node) => text(node, 'status.nodeInfo.kubeletVersion'));
  return [factOf(version), ...kubelets].map((one) => /^v?(\d+\.\d+\.\d+)/.exec(one ?? '')?.[1]).find(Boolean);
}

const text = (value: Json | undefined, path: string): string | undefined => {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

function nodeOf(node: ObjectFact): NodeSpec {
  const addresses = list(at(node, 'status.addresses'));
  const address = (type: string) =>
    text(
      addresses.find((one) => at(one, 'type') === type),
      'address',
    );
  const name = show(at(node, 'metadata.name'));
  const isControlPlane = at(node, `metadata.labels.[${controlPlaneLabel}]`) !== undefined;
  return bare(
    name,
    isControlPlane ? 'control-plane' : 'worker',
    address('InternalIP') ?? address('ExternalIP') ?? name,
  );
}

/** Where the API server does not list its nodes, the inventory's names and groups are all there is. */
const nodeOfHost = (host: InventoryHost): NodeSpec => bare(host.name, roleOfHost(host), host.address);

const bare = (name: string, role: Role, address: string): NodeSpec => ({
  name,
  role,
  address,
  // Host keys stay with the inventory's own SSH configuration.
  hostKey: '',
  labels: {},
  taints: [],
});

const withPort = (node: NodeSpec, host: InventoryHost | undefined): NodeSpec =>
  host?.port === undefined ? node : { ...node, ssh: { port: host.port } };

const isHostOf = (host: InventoryHost, node: NodeSpec): boolean =>
  host.name === node.name || host.address === node.address || host.name.split('.')[0] === node.name;

function networkOf({ ciliumConfig, hasKubeProxy }: ClusterFacts): ClusterSpec['cni'] {
  const config = factOf(ciliumConfig);
  return config
    ? { name: 'cilium', encryption: 'wireguard', kubeProxyReplacement: factOf(hasKubeProxy) === false }
    : { name: 'external', enforcesNetworkPolicies: true };
}

function missing(facts: ClusterFacts): readonly string[] {
  const means: Readonly<Partial<Record<keyof ClusterFacts, string>>> = {
    version: 'the version of the API server was not seen',
    nodes: 'nodes were not listed, so that names and roles are those of the inventory',
    staticPods: 'the pods of the control plane were not seen',
    clusterConfiguration: 'kubeadm’s record of the cluster was not seen, so that its defaults are taken',
    namespaces: 'namespaces were not listed, so that none is judged',
    ciliumConfig: 'whether Cilium is the network was not seen, so that its own checks are left out',
    hasKubeProxy: 'whether kube-proxy runs was not seen',
  };
  return Object.entries(means).flatMap(([name, meaning]) => {
    const seen: Seen<unknown> = facts[name as keyof ClusterFacts];
    return 'unseen' in seen ? [`${meaning}: ${seen.unseen}`] : [];
  });
}

function noControlPlane(nodes: Seen<unknown>): HardeningError {
  const unseen = 'unseen' in nodes;
  return new HardeningError('usage', [
    {
      code: 'FOREIGN_NO_CONTROL_PLANE',
      message: unseen
        ? `the API server does not list its nodes, and no host of an inventory is in a group of control planes`
        : 'no node is a control plane; this is no cluster of kubeadm',
      ...(unseen && { got: nodes.unseen }),
      ...(!unseen && { allowed: `a node with the label ${controlPlaneLabel}` }),
      fix: unseen
        ? 'use a kubeconfig that may list nodes, or give an --inventory with a group control_plane'
        : 'judge a cluster whose control plane is made of nodes of its own',
    },
  ]);
}
