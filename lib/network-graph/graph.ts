import {
  type Access,
  allowedFlows,
  clusterDns,
  type Flow,
  formatPorts,
  type Network,
  type Party,
  type Workload,
} from '../network-policy';

export type NodeKind =
  | 'workload'
  | 'pods'
  | 'addresses'
  | 'name'
  | 'dns'
  | 'api-server'
  | 'nodes'
  | 'world'
  | 'metadata'
  | 'anybody';

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** A second line: what kind of workload, which pods, or what an address block leaves out. */
  readonly detail?: string;
  /** Name of its namespace; undefined for what is outside of them. */
  readonly namespace?: string;
}

export interface GraphEdge {
  /** Id of a node, or `namespaceId` of a namespace: then every workload in it. */
  readonly from: string;
  readonly to: string;
  /** Ports, and the requests where only some are allowed. */
  readonly label: string;
  /** Whether the way is open without any policy that says so. */
  readonly unguarded: boolean;
}

/** The allowed flows, in as few nodes and edges as say it. */
export interface NetworkGraph {
  /** Names of namespaces that have workloads, in order. */
  readonly namespaces: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Id by which edges name a namespace. */
export const namespaceId = (name: string): string => `namespace/${name}`;

/**
 * The allowed flows as a graph for people. What every workload of a namespace may do is one edge of the namespace; a
 * workload that nothing closes has one edge to or from anybody; connections from nodes are left out, because a pod's own
 * node always gets through and the others seldom matter.
 */
export function networkGraph(network: Network): NetworkGraph {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const add = (node: GraphNode): string => {
    nodes.set(node.id, node);
    return node.id;
  };
  for (const workload of network.workloads.all) if (!isClusterDns(workload)) add(nodeOfWorkload(workload));

  for (const flow of allowedFlows(network)) {
    if (!isDrawn(network, flow)) continue;
    const label = [formatPorts(flow.ports), ...(flow.requests ?? [])].join(' ');
    edges.push({ from: add(nodeOf(flow.from, 'in')), to: add(nodeOf(flow.to, 'out')), label, unguarded: false });
  }
  for (const workload of network.workloads.all) {
    if (workload.hostNetwork || isClusterDns(workload)) continue;
    const { id } = nodeOfWorkload(workload);
    if (!network.access(workload, 'egress').isolated) {
      edges.push({ from: id, to: add(anybody('out')), label: 'every port', unguarded: true });
    }
    if (!network.access(workload, 'ingress').isolated) {
      edges.push({ from: add(anybody('in')), to: id, label: 'every port', unguarded: true });
    }
  }
  const all = [...nodes.values()];
  const namespaces = [...new Set(all.flatMap(({ namespace }) => namespace ?? []))].sort();
  return { namespaces, nodes: all, edges: gathered(all, edges) };
}

/** What is said by an edge to or from anybody is not said again. */
function isDrawn(network: Network, { from, to }: Flow): boolean {
  if (from.kind === 'nodes') return false;
  const access = (party: Party, direction: 'ingress' | 'egress') =>
    party.kind === 'workload' ? network.access(party.workload, direction) : undefined;
  const [out, into] = [access(from, 'egress'), access(to, 'ingress')];
  if (out && into) return !(isForAnybody(out) && isForAnybody(into));
  return out?.isolated !== false && into?.isolated !== false;
}

function isForAnybody({ isolated, allowed }: Access): boolean {
  return !isolated || allowed.some(({ rule }) => rule.peers === undefined);
}

function isClusterDns({ namespace, labels }: Workload): boolean {
  return (
    namespace === clusterDns.namespace &&
    Object.entries(clusterDns.labels).every(([key, value]) => labels[key] === value)
  );
}

function nodeOfWorkload({ object, namespace, hostNetwork }: Workload): GraphNode {
  return {
    id: [namespace, object.kind, object.name].join('/'),
    kind: 'workload',
    label: object.name,
    detail: hostNetwork ? `${object.kind} on the network of its node` : object.kind,
    namespace,
  };
}

/** Who is outside stands on the side from which it comes, and once more on the side to which others go. */
type Side = 'in' | 'out';

const anybody = (side: Side): GraphNode => ({ id: `anybody/${side}`, kind: 'anybody', label: 'Anybody' });

const places = {
  dns: 'Cluster DNS',
  'api-server': 'API server',
  nodes: 'Nodes',
  world: 'World',
  metadata: 'Cloud metadata',
} as const;

function nodeOf(party: Party, side: Side): GraphNode {
  switch (party.kind) {
    case 'workload':
      return nodeOfWorkload(party.workload);
    case 'pods': {
      const where = party.namespaces?.join(', ');
      return {
        id: ['pods', side, where, party.selector].join('/'),
        kind: 'pods',
        label: where === undefined ? 'Pods anywhere' : `Pods of ${where}`,
        detail: party.selector || 'all',
      };
    }
    case 'addresses': {
      const detail = party.except.length > 0 ? { detail: `without ${party.except.join(', ')}` } : {};
      return {
        id: ['addresses', side, party.cidr, ...party.except].join('/'),
        kind: 'addresses',
        label: party.cidr,
        ...detail,
      };
    }
    case 'name':
      return { id: `name/${party.name}`, kind: 'name', label: party.name };
    default:
      return { id: `${party.kind}/${side}`, kind: party.kind, label: places[party.kind] };
  }
}

/** Edges that all workloads of a namespace share, with somebody outside, become one of the namespace. */
function gathered(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const namespaceOf = new Map(nodes.map(({ id, namespace }) => [id, namespace]));
  const sizes = new Map<string, number>();
  for (const { namespace } of nodes) if (namespace) sizes.set(namespace, (sizes.get(namespace) ?? 0) + 1);
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const [from, to] = [namespaceOf.get(edge.from), namespaceOf.get(edge.to)];
    const shared = from !== undefined && to !== undefined ? edge : { ...edge, ...(from ? { from } : { to }) };
    const key = JSON.stringify(shared);
    groups.set(key, [...(groups.get(key) ?? []), edge]);
  }
  return [...groups.values()].flatMap((group) => {
    const [edge] = group;
    if (!edge) return [];
    const [from, to] = [namespaceOf.get(edge.from), namespaceOf.get(edge.to)];
    const namespace = from ?? to;
    const isDns = [edge.from, edge.to].some((id) => id.startsWith('dns/'));
    const isShared =
      (from === undefined || to === undefined) &&
      (group.length > 1 || isDns) &&
      group.length === sizes.get(namespace ?? '');
    if (!isShared || namespace === undefined) return group;
    return [{ ...edge, ...(from ? { from: namespaceId(namespace) } : { to: namespaceId(namespace) }) }];
  });
}
