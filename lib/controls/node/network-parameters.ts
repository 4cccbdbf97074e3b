import { sysctl } from '../../checks';
import type { ResolvedCluster } from '../../resolved-cluster';
import { control } from '../control';
import { seed } from '../sources';

// Forwarding is left to the pod network, which needs it its own way.
const parameters = [
  ['net.ipv4.conf.all.accept_redirects', '0'],
  ['net.ipv4.conf.default.accept_redirects', '0'],
  ['net.ipv4.conf.all.send_redirects', '0'],
  ['net.ipv4.conf.default.send_redirects', '0'],
  ['net.ipv4.conf.all.accept_source_route', '0'],
  ['net.ipv4.conf.default.accept_source_route', '0'],
  ['net.ipv4.icmp_echo_ignore_broadcasts', '1'],
  ['net.ipv4.tcp_syncookies', '1'],
] as const;

/**
 * The kernel takes the higher of this and an interface's own value, and the strict filter (1) would drop replies that
 * Cilium sends back another way: the agent writes 0 when it starts. Said here too, so that nothing sets it back. Cilium
 * itself refuses packets of a pod that claim another source.
 */
const sourceFilter = ['net.ipv4.conf.all.rp_filter', '0'] as const;

const parametersOf = ({ spec: { cni } }: ResolvedCluster) =>
  cni.name === 'cilium' ? [...parameters, sourceFilter] : parameters;

export default control({
  id: 'node/network-parameters',
  title: 'Nodes ignore redirects and source routes',
  why: 'A neighbour on the network otherwise bends the node’s traffic to itself.',
  cost: 'Networks that rely on ICMP redirects must route properly.',
  severity: 'medium',
  threats: ['external'],
  stops: ['A39'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [seed('002/floods'), seed('004/os-hardening')],
  stock: 'differs',
  settings: (cluster) => parametersOf(cluster).map(([name, value]) => ({ kind: 'sysctl', name, value })),
  checks: (cluster) => parametersOf(cluster).map(([name, value]) => sysctl({ name, value })),
});
