import type { ObjectReference } from '../lint/finding';
import { contains } from './addresses';
import { formatSelector } from './labels';
import { type Network, type Opening, openingBetween, openingOf } from './network';
import type { Direction, Peer } from './policy';
import type { PortRange } from './ports';
import { clusterDns, type PodSelector, selectsPod, type Workload } from './workload';

/** One end of a flow. */
export type Party =
  | { readonly kind: 'workload'; readonly workload: Workload }
  /** Pods that no given manifest makes, as a policy names them; without a selector all of them. */
  | { readonly kind: 'pods'; readonly namespaces?: readonly string[]; readonly selector: string }
  | { readonly kind: 'addresses'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'dns' | 'api-server' | 'nodes' | 'world' | 'metadata' };

/** A connection that the network lets through. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  /** Ports of the pod that listens, not of a Service before it. */
  readonly ports: readonly PortRange[];
  /** Policies that allow it; none where nothing closes either side. */
  readonly policies: readonly ObjectReference[];
  /** What is allowed inside of the connection; undefined: everything. */
  readonly requests?: readonly string[];
}

/** Where clouds hand out the credentials of a node. */
const metadataAddress = '169.254.169.254';

/**
 * Who may talk to whom, on which port, by the policies given: between workloads, and between a workload and what no
 * manifest makes. What the kubelet of a pod's own node may is left out, and so is a workload's way to itself. Workloads on
 * their node's network are nodes. A Service, Ingress or Gateway opens nothing by itself and is not looked at.
 */
export function allowedFlows(network: Network): readonly Flow[] {
  const pods = network.workloads.all.filter(({ hostNetwork }) => !hostNetwork);
  return pods.flatMap((workload) => {
    const self: Party = partyOf(workload);
    return [
      ...targetsOf(network, workload, pods).flatMap((to) =>
        flowOf(self, partyOf(to), openingBetween(network, workload, to)),
      ),
      ...outside(network, workload, 'egress').flatMap(([party, opening]) => flowOf(self, party, opening)),
      ...outside(network, workload, 'ingress').flatMap(([party, opening]) => flowOf(party, self, opening)),
    ];
  });
}

/** Cluster DNS is itself, whether or not its Deployment is among the manifests. */
function partyOf(workload: Workload): Party {
  return isClusterDns(workload) ? { kind: 'dns' } : { kind: 'workload', workload };
}

function isClusterDns(workload: Workload): boolean {
  return selectsPod({ namespaces: [clusterDns.namespace], selector: { matchLabels: clusterDns.labels } }, workload);
}

function flowOf(from: Party, to: Party, { ports, policies, requests }: Opening): Flow[] {
  return ports.length === 0 ? [] : [{ from, to, ports, policies, ...(requests && { requests }) }];
}

/** Workloads that a workload's own side lets it reach: those that its rules name, or every one where it is open. */
function targetsOf(network: Network, from: Workload, pods: readonly Workload[]): readonly Workload[] {
  const access = network.access(from, 'egress');
  const isAnywhere = (peers: readonly Peer[] | undefined): boolean =>
    peers === undefined || peers.some(({ kind }) => kind === 'entity');
  if (!access.isolated || access.allowed.some(({ rule }) => isAnywhere(rule.peers))) {
    return pods.filter((to) => to !== from);
  }
  const named = access.allowed.flatMap(({ rule }) => rule.peers ?? []);
  const found = named.flatMap((peer) => (peer.kind === 'pods' ? network.workloads.select(peer.pods) : []));
  return [...new Set(found)].filter((to) => to !== from && !to.hostNetwork);
}

/** What a workload may exchange with what no manifest makes. */
function outside(network: Network, workload: Workload, direction: Direction): (readonly [Party, Opening])[] {
  const access = network.access(workload, direction);
  const listener = direction === 'ingress' ? workload : undefined;
  const open = (matches: (peer: Peer) => boolean): Opening => openingOf(access, matches, listener);
  const isEntity = (peer: Peer, ...names: readonly string[]): boolean =>
    peer.kind === 'entity' && ['all', ...names].includes(peer.entity);
  // Beside Cilium, nodes and the API server are addresses like any other.
  const isNode = (peer: Peer): boolean => !network.cilium && isEverywhere(peer);

  const flows: (readonly [Party, Opening])[] = [
    [{ kind: 'nodes' }, open((peer) => isEntity(peer, 'host', 'remote-node', 'cluster') || isNode(peer))],
    [{ kind: 'world' }, open((peer) => isEntity(peer, 'world') || isEverywhere(peer))],
  ];
  if (direction === 'egress') {
    const holdsMetadata = (peer: Peer): boolean => isEntity(peer, 'world') || reaches(peer, metadataAddress);
    flows.push(
      [
        { kind: 'api-server' },
        open((peer) => isEntity(peer, 'kube-apiserver', 'remote-node', 'cluster') || isNode(peer)),
      ],
      [{ kind: 'metadata' }, open(holdsMetadata)],
    );
    if (!network.workloads.all.some(isClusterDns)) {
      flows.push([{ kind: 'dns' }, openingBetween(network, workload, clusterDns)]);
    }
  }
  if (!access.isolated || access.allowed.some(({ rule }) => rule.peers === undefined)) {
    flows.push([{ kind: 'pods', selector: '' }, open(() => false)]);
  }
  const named = new Map<string, readonly [Party, Opening]>();
  for (const peer of access.allowed.flatMap(({ rule }) => rule.peers ?? [])) {
    const party = elsewhere(network, peer);
    if (party) named.set(JSON.stringify(party), [party, open((other) => includes(other, peer))]);
  }
  return [...flows, ...named.values()];
}

/** Whom a peer names beyond the workloads that are known; undefined where nobody. */
function elsewhere({ workloads }: Network, peer: Peer): Party | undefined {
  if (peer.kind === 'name') return peer;
  if (peer.kind === 'addresses') return isEverywhere(peer) ? undefined : peer;
  if (peer.kind === 'entity' || selectsPod(peer.pods, clusterDns)) return undefined;
  return workloads.select(peer.pods).length > 0 ? undefined : podsParty(peer.pods);
}

function podsParty({ namespaces, namespaceSelector, selector }: PodSelector): Party {
  const where = namespaceSelector && formatSelector(namespaceSelector);
  const parts = [formatSelector(selector), where && `in namespaces ${where}`].filter(Boolean);
  return { kind: 'pods', ...(namespaces && { namespaces }), selector: parts.join(' ') };
}

function isEverywhere(peer: Peer): boolean {
  return peer.kind === 'addresses' && peer.cidr.endsWith('/0');
}

function reaches(peer: Peer, address: string): boolean {
  return (
    peer.kind === 'addresses' && contains(peer.cidr, address) && !peer.except.some((hole) => contains(hole, address))
  );
}

/** Whether a peer stands for all that another stands for. */
function includes(peer: Peer, other: Peer): boolean {
  if (peer.kind === 'addresses' && other.kind === 'addresses') {
    return contains(peer.cidr, other.cidr) && !peer.except.some((hole) => contains(hole, other.cidr));
  }
  return JSON.stringify(peer) === JSON.stringify(other);
}
