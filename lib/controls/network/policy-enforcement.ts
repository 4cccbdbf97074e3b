import { at, httpBody, list, objectsAll } from '../../checks';
import type { AnyCheck } from '../../checks/check';
import { control } from '../control';
import { cis, kubernetes, nsa, seed } from '../sources';

const ciliumChecks: readonly AnyCheck[] = [
  objectsAll({
    resource: 'daemonsets.apps',
    namespace: 'kube-system',
    name: 'cilium',
    keep: ['status'],
    holds: (set) => {
      const wanted = at(set, 'status.desiredNumberScheduled');
      return typeof wanted === 'number' && wanted > 0 && at(set, 'status.numberReady') === wanted;
    },
    expected: 'the Cilium agent is ready on every node',
  }),
  objectsAll({
    resource: 'configmaps',
    namespace: 'kube-system',
    name: 'cilium-config',
    keep: ['data'],
    holds: (config) => at(config, 'data.enable-policy') !== 'never',
    expected: 'Cilium enforces policies',
  }),
  // The agent reads its configuration when it starts only: what it runs with is its own word.
  httpBody({
    scope: 'node',
    socket: '/run/cilium/cilium.sock',
    url: 'http://localhost/v1/config',
    keep: ['status.realized.policy-enforcement', 'status.realized.options.PolicyAuditMode'],
    holds: (body) =>
      ['default', 'always'].includes(String(at(body, 'status.realized.policy-enforcement'))) &&
      at(body, 'status.realized.options.PolicyAuditMode') === 'Disabled',
    expected: 'the running agent enforces policies, and does not only log what they forbid',
  }),
];

const nodesReady = objectsAll({
  resource: 'nodes',
  keep: ['status.conditions'],
  holds: (node) =>
    list(at(node, 'status.conditions')).some((one) => at(one, 'type') === 'Ready' && at(one, 'status') === 'True'),
  expected: 'every node is Ready, so that its network runs',
});

export default control({
  id: 'network/policy-enforcement',
  title: 'The pod network enforces network policies on every node',
  why: 'Without enforcement policies are accepted and ignored, and every pod reaches every other.',
  cost: 'Not every network can do it. For a network that somebody else installs, enforcement itself is the word of the spec.',
  severity: 'critical',
  threats: ['user', 'external'],
  stops: ['A04'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('5.3.1'),
    nsa('network policies'),
    kubernetes('security-checklist: network'),
    seed('000/worker-nodes'),
    seed('001/network-policies'),
    seed('002/policy-plugin'),
    seed('003/network-deny'),
  ],
  // kubeadm installs no network. The stock cluster that is compared has the same one, without any policy.
  stock: 'same',
  // The spec names the network, and a spec whose network does not enforce policies is refused.
  settings: () => [],
  checks: ({ spec }) => (spec.cni.name === 'cilium' ? ciliumChecks : [nodesReady]),
});
