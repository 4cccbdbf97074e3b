import { addressOf, type Gateway } from '../../lib/gateway';
import type { ResolvedCluster } from '../../lib/resolved-cluster';
import { addressRange } from '../../lib/spec/address-range';
import { paths } from '../paths';
import type { NodeFile } from '../plan/planning';
import { comment } from '../render/comment';
import { firewallUnit } from './firewall';
import { apiServerPort } from './shared';

const origins = ['spec:gateway', 'spec:nodes'];

const file = (path: string, text: string, mode: string, restarts: readonly string[]): NodeFile => ({
  path,
  content: comment(origins) + text,
  mode,
  restarts,
  origins,
});

/** The network of an interface, `10.42.0.0/24`; nftables takes an address with its prefix for its network. */
const networkOf = ({ address }: Gateway['inside']): string => address;

function netmask(length: number): string {
  const bits = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

/** Fixed leases and nothing else: who is not in the spec gets no address. Names are answered for the nodes only. */
function leases(gateway: Gateway, { spec }: ResolvedCluster): string {
  const inside = addressRange(gateway.inside.address);
  const hosts = spec.nodes.map(
    ({ name, address, macAddress }) => `dhcp-host=${macAddress},${address},${name},24h\nhost-record=${name},${address}`,
  );
  return `interface=${gateway.inside.interface}
except-interface=lo
# The interface may come up later.
bind-dynamic
domain-needed
bogus-priv
stop-dns-rebind
rebind-localhost-ok
dhcp-authoritative
# Static: no address is given to a machine that has no line below.
dhcp-range=${inside.address},static,${netmask(inside.prefix)},24h
dhcp-ignore=tag:!known
dhcp-option=option:router,${inside.address}
dhcp-option=option:dns-server,${inside.address}
${hosts.join('\n')}
`;
}

interface Published {
  readonly port: number;
  readonly address: string;
  readonly nodePort: number;
  readonly sources: readonly string[];
  readonly purpose: string;
}

/** What leads from outside to a node: the API server, then what the spec adds. */
function published(gateway: Gateway, { spec, controlPlanes }: ResolvedCluster): readonly Published[] {
  const addresses = new Map(spec.nodes.map(({ name, address }) => [name, address]));
  const [first] = controlPlanes;
  return [
    {
      port: apiServerPort,
      address: first?.address ?? '',
      nodePort: apiServerPort,
      sources: spec.networking.allowedApiCidrs,
      purpose: 'API server (spec:networking.allowedApiCidrs)',
    },
    ...gateway.publish.map(({ port, node, nodePort, sources }) => ({
      port,
      address: addresses.get(node) ?? '',
      nodePort,
      sources,
      purpose: `${node} (spec:gateway.publish)`,
    })),
  ];
}

const four = (sources: readonly string[]) => sources.filter((source) => addressRange(source).family === 'ipv4');
const set = (members: readonly (string | number)[]) => `{ ${[...members].join(', ')} }`;

/**
 * Nothing is forwarded but answers, what is published, and what nodes fetch from beyond the network around them. IPv4
 * only: the table drops IPv6, which the nodes' network does not have.
 */
function ruleset(gateway: Gateway, cluster: ResolvedCluster): string {
  const { spec } = cluster;
  const inside = gateway.inside.interface;
  const outside = gateway.outside.interface;
  const nodes = set(spec.nodes.map(({ address }) => address));
  const operators = four(spec.networking.operatorCidrs);
  const open = published(gateway, cluster).filter(({ sources }) => four(sources).length > 0);
  const lines = (render: (each: Published) => string) => open.map(render).join('\n');
  return `# Declared first, so that the deletion of a table that is not there yet does not fail.
table inet bulwark
delete table inet bulwark

table inet bulwark {
  chain input {
    type filter hook input priority filter; policy drop;

    iif "lo" accept
    ct state established,related accept
    ct state invalid drop
    meta l4proto icmp limit rate 20/second accept

    # The way in for operators (spec:networking.operatorCidrs)
${operators.length > 0 ? `    iifname "${outside}" tcp dport ${gateway.ssh.port} ip saddr ${set(operators)} accept\n` : ''}
    # Leases and names for the nodes
    iifname "${inside}" udp dport 67 accept
    iifname "${inside}" ip saddr ${nodes} meta l4proto { tcp, udp } th dport 53 accept
  }

  chain forward {
    type filter hook forward priority filter; policy drop;

    ct state established,related accept
    ct state invalid drop

    # The only ways in: what chain published has sent to a node
${lines(
  ({ purpose, address, nodePort, sources }) =>
    `    # ${purpose}\n    iifname "${outside}" oifname "${inside}" ct status dnat ip daddr ${address} tcp dport ${nodePort} ip saddr ${set(four(sources))} accept`,
)}

    # Out: packages, images and time, from nodes themselves and to beyond the network around the gateway
    iifname "${inside}" oifname "${outside}" ip saddr != ${nodes} counter drop
    iifname "${inside}" oifname "${outside}" ip daddr ${networkOf(gateway.outside)} counter drop
    iifname "${inside}" oifname "${outside}" tcp dport { 80, 443 } accept
    iifname "${inside}" oifname "${outside}" udp dport 123 accept
  }

  chain published {
    type nat hook prerouting priority dstnat; policy accept;

${lines(
  ({ port, address, nodePort, sources }) =>
    `    iifname "${outside}" ip daddr ${addressOf(gateway.outside.address)} tcp dport ${port} ip saddr ${set(four(sources))} dnat ip to ${address}:${nodePort}`,
)}
  }

  chain hidden {
    type nat hook postrouting priority srcnat; policy accept;

    # Nodes only: addresses of pods never get this far.
    oifname "${outside}" ip saddr ${nodes} masquerade
  }
}
`;
}

/** The gateway is a jump host to the nodes' SSH ports, and to nothing else. */
function sshd({ spec }: ResolvedCluster): string {
  const targets = spec.nodes.map(({ address, ssh }) => `${address}:${ssh?.port ?? spec.ssh.port ?? 22}`);
  return `AllowTcpForwarding local
PermitOpen ${targets.join(' ')}
AllowAgentForwarding no
AllowStreamLocalForwarding no
X11Forwarding no
PermitTunnel no
PasswordAuthentication no
KbdInteractiveAuthentication no
`;
}

/** Sysctls of the gateway, for now and for the next boot. */
export const gatewaySysctls: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': '1',
  'net.ipv4.conf.all.rp_filter': '1',
  'net.ipv4.conf.all.accept_redirects': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv6.conf.all.forwarding': '0',
};

/** Every file of the gateway, in path order. */
export function gatewayFiles(gateway: Gateway, cluster: ResolvedCluster): readonly NodeFile[] {
  const sysctls = Object.entries(gatewaySysctls).map(([name, value]) => `${name} = ${value}\n`);
  const firewall = ['bulwark-firewall.service'];
  return [
    file('/etc/dnsmasq.d/bulwark.conf', leases(gateway, cluster), '0644', ['dnsmasq.service']),
    file(paths.firewall, ruleset(gateway, cluster), '0600', firewall),
    file('/etc/ssh/sshd_config.d/10-bulwark.conf', sshd(cluster), '0600', ['ssh.service']),
    file('/etc/sysctl.d/99-zz-bulwark.conf', sysctls.join(''), '0644', []),
    file('/etc/systemd/system/bulwark-firewall.service', firewallUnit, '0644', firewall),
  ];
}
