import { type Fields, fieldsOf, isFields, itemsOf, textOf, textsOf } from '../fields';
import { referenceOf } from '../lint/manifest';
import type { Direction, Peer, Policy, PolicyRule } from './policy';
import { type PolicyPort, protocolOf } from './ports';
import { defaultNamespace, namespacesOf } from './workload';

/** The policy that a NetworkPolicy is; none for other objects. */
export function standardPoliciesOf(object: Fields): readonly Policy[] {
  const { apiVersion, kind, spec } = object;
  if (!textOf(apiVersion).startsWith('networking.k8s.io/') || kind !== 'NetworkPolicy') return [];
  return [networkPolicyOf(object, fieldsOf(spec))];
}

function networkPolicyOf(object: Fields, spec: Fields): Policy {
  const namespace = textOf(fieldsOf(object.metadata).namespace) || defaultNamespace;
  const types = textsOf(spec.policyTypes);
  const hasEgress = itemsOf(spec.egress).length > 0;
  return {
    object: referenceOf(object),
    source: object,
    path: 'spec',
    pods: { namespaces: [namespace], selector: fieldsOf(spec.podSelector) },
    isolates: {
      ingress: types.length === 0 || types.includes('Ingress'),
      egress: types.length === 0 ? hasEgress : types.includes('Egress'),
    },
    rules: [...rulesOf(spec, 'ingress', 'from', namespace), ...rulesOf(spec, 'egress', 'to', namespace)],
    cilium: false,
  };
}

function rulesOf(spec: Fields, direction: Direction, field: 'from' | 'to', namespace: string): PolicyRule[] {
  return itemsOf(spec[direction]).map((item, index) => {
    const rule = fieldsOf(item);
    const peers = itemsOf(rule[field]);
    return {
      direction,
      deny: false,
      path: `spec.${direction}[${index}]`,
      ...(peers.length > 0 && { peers: peers.map((peer) => peerOf(fieldsOf(peer), namespace)) }),
      ports: itemsOf(rule.ports).map((port) => portOf(fieldsOf(port))),
    };
  });
}

function peerOf(peer: Fields, namespace: string): Peer {
  if (isFields(peer.ipBlock)) {
    return { kind: 'addresses', cidr: textOf(peer.ipBlock.cidr), except: textsOf(peer.ipBlock.except) };
  }
  const selector = fieldsOf(peer.podSelector);
  if (!isFields(peer.namespaceSelector)) return { kind: 'pods', pods: { namespaces: [namespace], selector } };
  return { kind: 'pods', pods: { ...namespacesOf(peer.namespaceSelector), selector } };
}

function portOf({ protocol, port, endPort }: Fields): PolicyPort {
  return {
    protocol: protocolOf(protocol),
    ...((typeof port === 'number' || typeof port === 'string') && { port }),
    ...(typeof endPort === 'number' && { endPort }),
  };
}
