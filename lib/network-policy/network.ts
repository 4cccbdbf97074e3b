import type { Fields } from '../fields';
import type { ObjectReference } from '../lint/finding';
import { objectsOf } from '../lint/manifest';
import { ciliumPoliciesOf } from './cilium-policy';
import type { Direction, Peer, Policy, PolicyRule } from './policy';
import { commonPorts, everyPort, mergePorts, type PortRange, resolvePorts, withoutPorts } from './ports';
import { standardPoliciesOf } from './standard-policy';
import { clusterDns, type Listener, selectsPod, Workloads } from './workload';

export interface NetworkOptions {
  /**
   * Whether pods that no policy selects may do nothing, as on a cluster with a default deny of its own.
   * @default false: they may do everything, as Kubernetes says
   */
  readonly defaultDeny?: boolean;
}

/** A rule together with its policy. */
export interface GrantedBy {
  readonly policy: Policy;
  readonly rule: PolicyRule;
}

/** What a pod may do in one direction. */
export interface Access {
  /** Whether it may do only what `allowed` says. */
  readonly isolated: boolean;
  readonly allowed: readonly GrantedBy[];
  /** Holds whatever is allowed. */
  readonly denied: readonly GrantedBy[];
}

/** The workloads and policies of some manifests, and what they come to. */
export interface Network {
  readonly workloads: Workloads;
  readonly policies: readonly Policy[];
  /** Whether the network is Cilium, as far as policies of its own kinds tell: address rules then match no node and no pod. */
  readonly cilium: boolean;
  access(pod: Listener, direction: Direction): Access;
}

/** Reads the network out of manifests; what else is among them is left alone. */
export function readNetwork(manifests: readonly Fields[], options: NetworkOptions = {}): Network {
  const workloads = new Workloads(manifests);
  const policies = manifests
    .flatMap(objectsOf)
    .flatMap((object) => [...standardPoliciesOf(object), ...ciliumPoliciesOf(object)]);
  const selecting = new Map<Listener, Policy[]>();
  for (const policy of policies) {
    const selected = [...workloads.select(policy.pods), ...(selectsPod(policy.pods, clusterDns) ? [clusterDns] : [])];
    for (const pod of selected) {
      const list = selecting.get(pod);
      if (list) list.push(policy);
      else selecting.set(pod, [policy]);
    }
  }
  const accessOf = (pod: Listener, direction: Direction): Access => {
    const mine = selecting.get(pod) ?? [];
    const granted = mine.flatMap((policy) =>
      policy.rules.filter((rule) => rule.direction === direction).map((rule) => ({ policy, rule })),
    );
    return {
      isolated: (options.defaultDeny && pod !== clusterDns) || mine.some(({ isolates }) => isolates[direction]),
      allowed: granted.filter(({ rule }) => !rule.deny),
      denied: granted.filter(({ rule }) => rule.deny),
    };
  };
  const cache = { ingress: new Map<Listener, Access>(), egress: new Map<Listener, Access>() };
  return {
    workloads,
    policies,
    cilium: policies.some(({ cilium }) => cilium),
    access: (pod, direction) => {
      const known = cache[direction].get(pod) ?? accessOf(pod, direction);
      cache[direction].set(pod, known);
      return known;
    },
  };
}

/** Ports of a pod, and the policies that open them. */
export interface Opening {
  readonly ports: readonly PortRange[];
  /** Policies that allow it; none where nothing closes the pod. */
  readonly policies: readonly ObjectReference[];
  /** What is allowed inside of the connection; undefined: everything. */
  readonly requests?: readonly string[];
}

/**
 * What one side's policies let through.
 *
 * @param matches whether a peer stands for whoever is at the other end
 * @param listener the pod that listens, where it is known: it resolves named ports
 */
export function openingOf(access: Access, matches: (peer: Peer) => boolean, listener: Listener | undefined): Opening {
  const isAbout = ({ rule }: GrantedBy): boolean => rule.peers?.some(matches) ?? true;
  const allowed = access.allowed.filter(isAbout);
  const ports = access.isolated
    ? mergePorts(allowed.flatMap(({ rule }) => resolvePorts(rule.ports, listener?.ports)))
    : everyPort;
  const refused = access.denied.filter(isAbout).flatMap(({ rule }) => resolvePorts(rule.ports, listener?.ports));
  const open = allowed.some(({ rule }) => rule.requests === undefined);
  return {
    ports: withoutPorts(ports, refused),
    policies: access.isolated ? [...new Set(allowed.map(({ policy }) => policy.object))] : [],
    ...(access.isolated &&
      allowed.length > 0 &&
      !open && {
        requests: [...new Set(allowed.flatMap(({ rule }) => rule.requests ?? []))],
      }),
  };
}

/**
 * The ports of one pod that another may connect to: what both sides let through. A pod on its node's network is the
 * node and no pod; ask `allowedFlows` for what nodes may.
 */
export function openingBetween(network: Network, from: Listener, to: Listener): Opening {
  const out = openingOf(network.access(from, 'egress'), (peer) => standsForPod(peer, to), to);
  if (out.ports.length === 0) return { ports: [], policies: [] };
  const into = openingOf(network.access(to, 'ingress'), (peer) => standsForPod(peer, from), to);
  const requests = into.requests ?? out.requests;
  return {
    ports: commonPorts(out.ports, into.ports),
    policies: [...out.policies, ...into.policies],
    ...(requests && { requests }),
  };
}

/** Whether a peer stands for a pod: by its labels, or as part of the cluster. Addresses never do: pods change theirs. */
export function standsForPod(peer: Peer, pod: Listener): boolean {
  if (peer.kind === 'pods') return selectsPod(peer.pods, pod);
  return peer.kind === 'entity' && (peer.entity === 'all' || peer.entity === 'cluster');
}
