import { type Fields, fieldsOf, isFields, itemsOf, textOf, textsOf } from '../fields';
import { referenceOf } from '../lint/manifest';
import { namespaceNameLabel } from './labels';
import type { Direction, Peer, Policy, PolicyRule } from './policy';
import { type PolicyPort, protocolOf } from './ports';
import { defaultNamespace, namespacesOf, type PodSelector } from './workload';

/** The policies of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy; those about nodes select no pod. */
export function ciliumPoliciesOf(object: Fields): readonly Policy[] {
  const kind = textOf(object.kind);
  if (!textOf(object.apiVersion).startsWith('cilium.io/') || !/^Cilium(Clusterwide)?NetworkPolicy$/.test(kind)) {
    return [];
  }
  const namespace =
    kind === 'CiliumNetworkPolicy' ? textOf(fieldsOf(object.metadata).namespace) || defaultNamespace : undefined;
  const specs = [
    { path: 'spec', spec: object.spec },
    ...itemsOf(object.specs).map((spec, index) => ({ path: `specs[${index}]`, spec })),
  ];
  return specs.flatMap(({ path, spec }) =>
    isFields(spec) && isFields(spec.endpointSelector) ? [policyOf(object, path, spec, namespace)] : [],
  );
}

function policyOf(object: Fields, path: string, spec: Fields, namespace: string | undefined): Policy {
  const rules = [...rulesOf(spec, path, 'ingress', namespace), ...rulesOf(spec, path, 'egress', namespace)];
  const isolates = (direction: Direction): boolean => {
    const asked = fieldsOf(spec.enableDefaultDeny)[direction];
    if (typeof asked === 'boolean') return asked;
    return itemsOf(spec[direction]).length + itemsOf(spec[`${direction}Deny`]).length > 0;
  };
  return {
    object: referenceOf(object),
    source: object,
    path,
    pods: podsOf(fieldsOf(spec.endpointSelector), namespace),
    isolates: { ingress: isolates('ingress'), egress: isolates('egress') },
    rules,
    cilium: true,
  };
}

function rulesOf(spec: Fields, path: string, direction: Direction, namespace: string | undefined): PolicyRule[] {
  return [direction, `${direction}Deny`].flatMap((list) =>
    itemsOf(spec[list]).map((item, index): PolicyRule => {
      const rule = fieldsOf(item);
      const peers = peersOf(rule, direction === 'ingress' ? 'from' : 'to', namespace);
      const toPorts = itemsOf(rule.toPorts).map(fieldsOf);
      const requests = toPorts.flatMap(requestsOf);
      // A rule that names nobody and no port allows nothing: the usual way to write a default deny.
      const isEmpty = peers === undefined && toPorts.length === 0;
      return {
        direction,
        deny: list !== direction,
        path: `${path}.${list}[${index}]`,
        ...(isEmpty ? { peers: [] } : peers && { peers }),
        ports: toPorts.flatMap(({ ports }) => itemsOf(ports).map((port) => portOf(fieldsOf(port)))),
        ...(requests.length > 0 && { requests }),
      };
    }),
  );
}

/** undefined where the rule names nobody. */
function peersOf(rule: Fields, prefix: 'from' | 'to', namespace: string | undefined): readonly Peer[] | undefined {
  const fields = ['Endpoints', 'Entities', 'CIDR', 'CIDRSet', 'FQDNs', 'Services', 'Nodes', 'Groups', 'Requires'];
  if (!fields.some((field) => rule[`${prefix}${field}`] !== undefined)) return undefined;
  return [
    ...itemsOf(rule[`${prefix}Endpoints`]).map((selector): Peer => {
      return { kind: 'pods', pods: podsOf(fieldsOf(selector), namespace) };
    }),
    ...textsOf(rule[`${prefix}Entities`]).map((entity): Peer => ({ kind: 'entity', entity })),
    ...textsOf(rule[`${prefix}CIDR`]).map((cidr): Peer => ({ kind: 'addresses', cidr, except: [] })),
    ...itemsOf(rule[`${prefix}CIDRSet`]).map((set): Peer => {
      const { cidr, except } = fieldsOf(set);
      return { kind: 'addresses', cidr: textOf(cidr), except: textsOf(except) };
    }),
    ...itemsOf(rule[`${prefix}FQDNs`]).map((item): Peer => {
      const { matchName, matchPattern } = fieldsOf(item);
      return { kind: 'name', name: textOf(matchName) || textOf(matchPattern) };
    }),
  ];
}

const namespaceKey = 'io.kubernetes.pod.namespace';
const namespaceLabelPrefix = 'io.cilium.k8s.namespace.labels.';

/** Cilium puts a pod's namespace and its labels among the pod's own; a selector that names none stays in its own. */
function podsOf(selector: Fields, namespace: string | undefined): PodSelector {
  const labels = Object.entries(fieldsOf(selector.matchLabels)).map(([key, value]) => [plain(key), value] as const);
  const expressions = itemsOf(selector.matchExpressions).map((item) => {
    const requirement = fieldsOf(item);
    return { ...requirement, key: plain(textOf(requirement.key)) };
  });
  const isOfNamespace = (key: string): boolean => key === namespaceKey || key.startsWith(namespaceLabelPrefix);
  const asNamespaceLabel = (key: string): string =>
    key === namespaceKey ? namespaceNameLabel : key.slice(namespaceLabelPrefix.length);
  const namespaceLabels = labels.filter(([key]) => isOfNamespace(key));
  const namespaceExpressions = expressions.filter(({ key }) => isOfNamespace(key));
  const isScoped = namespaceLabels.length + namespaceExpressions.length > 0;
  const namespaceSelector = {
    matchLabels: Object.fromEntries(namespaceLabels.map(([key, value]) => [asNamespaceLabel(key), value])),
    matchExpressions: namespaceExpressions.map((each) => ({ ...each, key: asNamespaceLabel(each.key) })),
  };
  return {
    ...(isScoped ? namespacesOf(namespaceSelector) : namespace !== undefined && { namespaces: [namespace] }),
    selector: {
      matchLabels: Object.fromEntries(labels.filter(([key]) => !isOfNamespace(key))),
      matchExpressions: expressions.filter(({ key }) => !isOfNamespace(key)),
    },
  };
}

/** A label's key without the source that Cilium puts before it. */
function plain(key: string): string {
  return key.replace(/^(k8s|any):/, '');
}

function portOf({ port, endPort, protocol }: Fields): PolicyPort {
  const text = String(port ?? '');
  const isNumber = /^\d+$/.test(text);
  return {
    protocol: protocol === undefined || protocol === 'ANY' ? 'ANY' : protocolOf(protocol),
    // 0 stands for every port.
    ...(text !== '' && Number(text) !== 0 && { port: isNumber ? Number(text) : text }),
    ...(typeof endPort === 'number' && { endPort }),
  };
}

function requestsOf({ rules }: Fields): string[] {
  const { http, dns } = fieldsOf(rules);
  return [
    ...itemsOf(http).map((item) => {
      const { method, path } = fieldsOf(item);
      return [textOf(method), textOf(path)].filter((part) => part !== '').join(' ');
    }),
    ...itemsOf(dns).map((item) => textOf(fieldsOf(item).matchName) || textOf(fieldsOf(item).matchPattern)),
  ];
}
