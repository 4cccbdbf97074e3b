import { sysctl } from '../../checks';
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
  // The kernel takes the higher of this and an interface's own value. Loose: a source that no route leads to is dropped.
  // Strict (1), which some distributions set, also drops replies that the pod network sends back another way.
  ['net.ipv4.conf.all.rp_filter', '2'],
  ['net.ipv4.icmp_echo_ignore_broadcasts', '1'],
  ['net.ipv4.tcp_syncookies', '1'],
] as const;

export default control({
  id: 'node/network-parameters',
  title: 'Nodes ignore redirects, source routes and sources that no route leads to',
  why: 'A neighbour on the network otherwise bends the node’s traffic to itself.',
  cost: 'Networks that rely on ICMP redirects must route properly.',
  severity: 'medium',
  threats: ['external'],
  stops: ['A39'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [seed('002/floods'), seed('004/os-hardening')],
  stock: 'differs',
  settings: () => parameters.map(([name, value]) => ({ kind: 'sysctl', name, value })),
  checks: () => parameters.map(([name, value]) => sysctl({ name, value })),
});
