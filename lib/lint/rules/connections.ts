import { fieldsOf, itemsOf } from '../../fields';
import { type Network, openingBetween, standsForPod } from '../../network-policy/network';
import type { Peer, Policy, PolicyRule } from '../../network-policy/policy';
import { commonPorts, formatPorts, resolvePorts } from '../../network-policy/ports';
import { clusterDns, type Listener, type PodSelector, selectsPod, type Workload } from '../../network-policy/workload';
import { nameOf } from '../finding';
import type { SetFault, SetRule } from '../rule';
import { listed } from './listed';
import { probeFaults } from './probes';
import { backendFaults, servicePortFaults } from './service-connections';

/** What policies break: something that the workloads beside them count on. */
export const connectionRules: readonly SetRule[] = [
  {
    control: 'network-policies/dns',
    severity: 'error',
    why: 'A pod that may connect by name and may not ask DNS connects to nobody.',
    fix: 'allow UDP and TCP port 53 to k8s-app: kube-dns in kube-system, or judge these together with the policies that do',
    judge: ({ network }) => dnsFaults(network),
  },
  {
    control: 'network-policies/probes',
    severity: 'error',
    why: 'A probe that no policy lets in fails: the pod is never ready, or restarted for ever.',
    fix: "allow ingress from the entity host: the kubelet asks from the pod's own node",
    judge: ({ network }) => probeFaults(network),
  },
  {
    control: 'network-policies/connection',
    severity: 'error',
    why: 'A connection needs both sides: one that only one side allows looks open and is refused.',
    fix: 'allow it on both sides, on the port that the pod listens on, as connections.allowTo does',
    judge: ({ network, objects }) => [
      ...oneSided(network),
      ...servicePortFaults(network, objects),
      ...backendFaults(network, objects),
    ],
  },
];

/** Pods that may connect to others by name, but not ask for the name. Whoever goes to addresses only needs no names. */
function dnsFaults(network: Network): SetFault[] {
  const deaf = new Map<PolicyRule, { readonly policy: Policy; readonly workloads: Workload[] }>();
  for (const workload of network.workloads.all) {
    const { isolated, allowed, denied } = network.access(workload, 'egress');
    if (!isolated || workload.hostNetwork || selectsPod(dnsSelector, workload)) continue;
    const named = allowed.find(({ rule }) => rule.peers?.some(hasName));
    const denial = denied.find(({ rule }) => closesDns(rule));
    const place = denial ?? named;
    if (!named || !place || (!denial && allowed.some(({ rule }) => opensDns(rule)))) continue;
    const entry = deaf.get(place.rule) ?? { policy: place.policy, workloads: [] };
    entry.workloads.push(workload);
    deaf.set(place.rule, entry);
  }
  return [...deaf].map(([rule, { policy, workloads }]) => ({
    object: policy.source,
    path: rule.path,
    message: `${listed(workloads.map(({ object }) => object))} may connect to others but not ask DNS for their names`,
  }));
}

const dnsSelector: PodSelector = { namespaces: [clusterDns.namespace], selector: { matchLabels: clusterDns.labels } };

function hasName(peer: Peer): boolean {
  return peer.kind === 'name' || (peer.kind === 'pods' && !selectsPod(peer.pods, clusterDns));
}

/** Whether a rule lets questions through to a resolver: cluster DNS, or whatever is named together with port 53. */
function opensDns({ ports, peers }: PolicyRule): boolean {
  const isNamed = ports.some(({ port }) => port === 53);
  const isResolver = (peer: Peer): boolean => peer.kind === 'addresses' || standsForPod(peer, clusterDns);
  return holdsDns(ports) && (isNamed || (peers?.some(isResolver) ?? true));
}

function closesDns({ ports, peers }: PolicyRule): boolean {
  return holdsDns(ports) && (peers?.some((peer) => standsForPod(peer, clusterDns)) ?? true);
}

function holdsDns(ports: PolicyRule['ports']): boolean {
  return resolvePorts(ports, clusterDns.ports).some(
    ({ protocol, from, to }) => protocol === 'UDP' && from <= 53 && 53 <= to,
  );
}

/** Rules about certain pods that the other side lets nobody use. */
function oneSided(network: Network): SetFault[] {
  return network.policies.flatMap((policy) => {
    const subjects = network.workloads.select(policy.pods).filter(({ hostNetwork }) => !hostNetwork);
    if (subjects.length === 0) return [];
    return policy.rules
      .filter(({ deny }) => !deny)
      .flatMap((rule) =>
        (rule.peers ?? []).flatMap((peer) =>
          peer.kind === 'pods' && isSpecific(peer.pods)
            ? network.workloads.select(peer.pods).flatMap((other) => cutOff(network, policy, rule, subjects, other))
            : [],
        ),
      );
  });
}

function cutOff(
  network: Network,
  { source }: Policy,
  rule: PolicyRule,
  subjects: readonly Workload[],
  other: Workload,
): SetFault[] {
  if (other.hostNetwork) return [];
  const isOpen = (from: Listener, to: Listener): boolean =>
    commonPorts(openingBetween(network, from, to).ports, resolvePorts(rule.ports, to.ports)).length > 0;
  const others = subjects.filter((subject) => subject !== other);
  const isUsed = others.some((subject) =>
    rule.direction === 'egress' ? isOpen(subject, other) : isOpen(other, subject),
  );
  const [subject] = others;
  if (isUsed || !subject) return [];
  const [listener, wanted] = rule.direction === 'egress' ? [other, 'lets that in'] : [subject, 'lets that out'];
  const ports = formatPorts(resolvePorts(rule.ports, listener.ports)) || 'a port that no container names';
  const [from, to] = rule.direction === 'egress' ? [subject, other] : [other, subject];
  const message = `${nameOf(from.object)} to ${nameOf(to.object)} on ${ports} is allowed here, but no policy ${wanted}`;
  return [{ object: source, path: rule.path, message }];
}

function isSpecific({ selector }: PodSelector): boolean {
  return Object.keys(fieldsOf(selector.matchLabels)).length + itemsOf(selector.matchExpressions).length > 0;
}
