import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../fields';
import { namespaceNameLabel } from '../../network-policy/labels';
import type { Policy } from '../../network-policy/policy';
import type { Workloads } from '../../network-policy/workload';
import type { Fault, ManifestSet, Rule, SetFault, SetRule } from '../rule';
import { listed } from './listed';

/** What a NetworkPolicy lets in or out by itself. */
export const networkPolicyRules: readonly Rule[] = [
  {
    control: 'network-policies/namespace-selector',
    severity: 'error',
    why: 'Labels of namespaces are set by their owners. Only the label with the name cannot be borrowed.',
    fix: `name the namespace by its label ${namespaceNameLabel}, with a podSelector in the same item`,
    judge: (object) =>
      isNetworkPolicy(object) ? [...peerFaults(object, 'ingress', 'from'), ...peerFaults(object, 'egress', 'to')] : [],
  },
];

/** NetworkPolicies together with the pods that they are about. */
export const networkPolicySetRules: readonly SetRule[] = [
  {
    control: 'network-policies/host-network',
    severity: 'error',
    why: 'NetworkPolicies hold between pods. A pod on its node’s network talks as the node.',
    fix: 'leave hostNetwork out; where it must be, let no policy select the pod (isolate: false) and close its node instead',
    judge: hostNetworkFaults,
  },
  {
    control: 'network-policies/unique',
    severity: 'error',
    why: 'Of two policies with one name the cluster keeps one: what the other allowed or denied is lost unnoticed.',
    fix: 'give each policy a name of its own: of two, the cluster keeps the one that is applied last',
    judge: ({ network }) => repeated(network.policies),
  },
  {
    control: 'network-policies/unused',
    severity: 'warning',
    why: 'A policy about nobody is often a misspelt label: what it should protect is open, or cut off.',
    fix: 'correct the labels, or remove what nobody needs',
    judge: ({ network }) =>
      network.policies.flatMap((policy) => {
        const own = unselected(policy, network.workloads);
        return own ? [own] : unmatchedPeers(policy, network.workloads);
      }),
  },
];

function isNetworkPolicy(object: Fields): boolean {
  return object.kind === 'NetworkPolicy' && textOf(object.apiVersion).startsWith('networking.k8s.io/');
}

function peerFaults(object: Fields, direction: string, field: string): Fault[] {
  return itemsOf(fieldsOf(object.spec)[direction]).flatMap((rule, ruleIndex) =>
    itemsOf(fieldsOf(rule)[field]).flatMap((item, index): Fault[] => {
      const peer = fieldsOf(item);
      const path = `spec.${direction}[${ruleIndex}].${field}[${index}]`;
      if (!isFields(peer.namespaceSelector)) return [];
      if (!isFields(peer.podSelector)) return [{ path, message: 'every pod of the selected namespaces is allowed' }];
      const { matchLabels, matchExpressions } = peer.namespaceSelector;
      const expressions = itemsOf(matchExpressions).map((expression) => textOf(fieldsOf(expression).key));
      const keys = [...Object.keys(fieldsOf(matchLabels)), ...expressions];
      const borrowed = keys.find((key) => key !== namespaceNameLabel);
      if (keys.length > 0 && borrowed === undefined) return [];
      const message = borrowed
        ? `whoever may label a namespace gives it the label ${borrowed}`
        : 'pods of every namespace are allowed, those that borrow the labels too';
      return [{ path: `${path}.namespaceSelector`, message }];
    }),
  );
}

function hostNetworkFaults({ network }: ManifestSet): SetFault[] {
  const onHost = network.workloads.all.filter(({ hostNetwork }) => hostNetwork);
  if (onHost.length === 0) return [];
  // A policy about all pods there are is about those that have a network of their own.
  const policies = network.policies.filter(({ pods }) => pods.namespaces !== undefined);
  return onHost.flatMap((workload): SetFault[] => {
    const selecting = policies.filter(({ pods }) => network.workloads.select(pods).includes(workload));
    if (selecting.length === 0) return [];
    const message = `the pod is on its node's network, where ${listed(selecting.map(({ object }) => object))} cannot hold`;
    return [{ object: workload.source, path: `${workload.pod.path}.hostNetwork`, message }];
  });
}

function repeated(policies: readonly Policy[]): SetFault[] {
  const first = new Map<string, Policy>();
  return policies.flatMap((policy): SetFault[] => {
    const { kind, name, namespace } = policy.object;
    const key = JSON.stringify([kind, namespace, name, policy.path]);
    const other = first.get(key);
    if (!other || other.source === policy.source) {
      first.set(key, policy);
      return [];
    }
    if (JSON.stringify(other.source.spec) === JSON.stringify(policy.source.spec)) return [];
    return [
      { object: policy.source, path: 'metadata.name', message: 'another policy has this name and allows other things' },
    ];
  });
}

/** Only where the namespace's workloads are known can one say that a policy is about nobody. */
function unselected(policy: Policy, workloads: Workloads): SetFault | undefined {
  const { namespaces, selector } = policy.pods;
  if (!isSpecific(selector) || !isKnown(namespaces, workloads) || workloads.select(policy.pods).length > 0)
    return undefined;
  return {
    object: policy.source,
    path: `${policy.path}.${policy.cilium ? 'endpointSelector' : 'podSelector'}`,
    message: 'no workload has these labels',
  };
}

function unmatchedPeers(policy: Policy, workloads: Workloads): SetFault[] {
  return policy.rules.flatMap(({ peers = [], path }) =>
    peers.flatMap((peer): SetFault[] => {
      if (peer.kind !== 'pods' || !isSpecific(peer.pods.selector)) return [];
      if (!isKnown(peer.pods.namespaces, workloads) || workloads.select(peer.pods).length > 0) return [];
      return [{ object: policy.source, path, message: 'the rule is about pods with labels that no workload has' }];
    }),
  );
}

function isSpecific(selector: Fields): boolean {
  return Object.keys(fieldsOf(selector.matchLabels)).length + itemsOf(selector.matchExpressions).length > 0;
}

function isKnown(namespaces: readonly string[] | undefined, workloads: Workloads): boolean {
  return namespaces?.every((name) => workloads.knows(name)) ?? false;
}
