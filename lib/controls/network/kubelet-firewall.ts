import { connectOpen, connectRefused, firewallGuards } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft, nsa, owasp, seed } from '../sources';
import { addressesOf, bothRoles } from '../support/firewall';

export default control({
  id: 'network/kubelet-firewall',
  title: 'Kubelets are reachable from control planes only',
  why: 'The kubelet API runs commands in containers, and direct calls to it are not in the audit log.',
  cost: 'Monitoring must read kubelet metrics through the API server or from the node itself, or `metricsServer` of the spec, which opens the kubelets of control planes to pods as far as network policies do.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: ['A16', 'A18'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    kubernetes('api-server-bypass-risks: kubelet'),
    nsa('worker segmentation'),
    owasp('K06'),
    microsoft('MS-M9008'),
    seed('001/kubelet-access'),
    seed('001/network-access'),
    seed('004/kubelet-isolation'),
  ],
  stock: 'differs',
  settings: ({ spec, controlPlanes }) => [
    {
      kind: 'firewall-rule',
      port: 10250,
      purpose: 'kubelet API',
      roles: bothRoles,
      sources: addressesOf(controlPlanes),
    },
    // Packets from a pod to its own node keep the pod's address. Those to other nodes have its node's.
    ...(spec.metricsServer
      ? [
          {
            kind: 'firewall-rule' as const,
            port: 10250,
            purpose: 'kubelet metrics, asked for by metrics-server on the same node',
            roles: ['control-plane'] as const,
            sources: [spec.networking.podCidr],
          },
        ]
      : []),
  ],
  checks: ({ spec, controlPlanes }) => [
    ...controlPlanes.map(({ name }) => connectRefused({ scope: 'worker', target: `node:${name}`, port: 10250 })),
    // From control planes every kubelet answers: the refused connections had something to reach.
    ...spec.nodes.map(({ name }) => connectOpen({ scope: 'control-plane', target: `node:${name}`, port: 10250 })),
    firewallGuards({ scope: 'node', port: 10250 }),
  ],
});
