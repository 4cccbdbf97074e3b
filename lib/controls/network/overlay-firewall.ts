import { firewallGuards } from '../../checks';
import type { ResolvedCluster } from '../../resolved-cluster';
import { control } from '../control';
import { kubernetes, nsa } from '../sources';
import { addressesOf, bothRoles } from '../support/firewall';

/** UDP ports on which the nodes carry the packets of their pods to each other. */
const tunnelsOf = ({ spec: { cni } }: ResolvedCluster) => [
  { port: 8472, purpose: 'pod network over VXLAN' },
  ...(cni.name === 'cilium' && cni.encryption === 'wireguard'
    ? [{ port: 51871, purpose: 'pod network over WireGuard' }]
    : []),
];

export default control({
  id: 'network/overlay-firewall',
  title: 'Only nodes send packets into the tunnels of the pod network',
  why: 'A VXLAN packet names the pod and the identity that it claims to come from, and nothing in it proves either: whoever reaches the port passes every network policy.',
  cost: 'A neighbour who forges the address of a node still gets in; network/pod-encryption closes that.',
  severity: 'high',
  threats: ['external', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('worker segmentation'), kubernetes('security-checklist: network')],
  stock: 'differs',
  appliesTo: ({ spec }) => spec.cni.name === 'cilium',
  settings: (cluster) =>
    tunnelsOf(cluster).map(({ port, purpose }) => ({
      kind: 'firewall-rule',
      protocol: 'udp',
      port,
      purpose,
      roles: bothRoles,
      sources: addressesOf(cluster.spec.nodes),
    })),
  // A datagram that is dropped and one that nobody answers look the same: the live rules are the witness.
  checks: (cluster) => tunnelsOf(cluster).map(({ port }) => firewallGuards({ scope: 'node', port, protocol: 'udp' })),
});
