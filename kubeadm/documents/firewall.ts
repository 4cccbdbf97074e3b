import { isIPv6 } from 'node:net';
import type { Placed, SettingOf } from '../../lib/settings/setting';
import { paths } from '../paths';
import { forRole, type Generator, type NodeFile, originsOf } from '../plan/planning';
import { comment } from '../render/comment';

type Rule = Placed<SettingOf<'firewall-rule'>>;
type Limit = Placed<SettingOf<'connection-limit'>>;

const firstPort = ({ setting: { port } }: Rule) => (typeof port === 'number' ? port : port[0]);
const ports = ({ setting: { port } }: Rule) => (typeof port === 'number' ? `${port}` : port.join('-'));
const protocolOf = ({ setting: { protocol = 'tcp' } }: Rule) => protocol;
const set = (members: readonly string[]) => `{ ${members.join(', ')} }`;

const isSix = (source: string) => isIPv6(source.split('/')[0] ?? '');

function byFamily(sources: readonly string[]): { readonly four: readonly string[]; readonly six: readonly string[] } {
  return { four: sources.filter((source) => !isSix(source)).sort(), six: sources.filter(isSix).sort() };
}

/** Who opened connections of late. Full, it limits nobody new: an attacker with very many addresses locks nobody out. */
function clientSets({ setting: { port } }: Limit): readonly string[] {
  return ['ipv4', 'ipv6'].map(
    (family) => `  set clients-${port}-${family} {
    type ${family}_addr
    size 65535
    flags dynamic,timeout
    timeout 1m
  }`,
  );
}

/** Drops what an address opens too fast. What is left goes on to the rules that let in. */
function limit(placed: Limit): string {
  const { port, perSecond, burst, exempt, purpose } = placed.setting;
  const { four, six } = byFamily(exempt);
  const rule = (family: string, saddr: string, free: readonly string[]) =>
    [
      `    tcp dport ${port}`,
      ...(free.length > 0 ? [`${saddr} != ${set(free)}`] : []),
      `ct state new add @clients-${port}-${family}`,
      `{ ${saddr} limit rate over ${perSecond}/second burst ${burst} packets } counter drop`,
    ].join(' ');
  return [
    `    # ${purpose}, from one address (${placed.origins.join(', ')})`,
    rule('ipv4', 'ip saddr', four),
    rule('ipv6', 'ip6 saddr', six),
  ].join('\n');
}

function accept(rule: Rule): string {
  const { sources, purpose } = rule.setting;
  const { four, six } = byFamily(sources);
  const lines = [`    # ${purpose} (${rule.origins.join(', ')})`];
  const port = `${protocolOf(rule)} dport ${ports(rule)}`;
  if (four.length > 0) lines.push(`    ${port} ip saddr ${set(four)} accept`);
  if (six.length > 0) lines.push(`    ${port} ip6 saddr ${set(six)} accept`);
  return lines.join('\n');
}

/** Closes every port that a rule of the protocol names to all whom no rule has let in. */
function drop(protocol: 'tcp' | 'udp', rules: readonly Rule[]): readonly string[] {
  const closed = [...new Set(rules.filter((rule) => protocolOf(rule) === protocol).map(ports))];
  return closed.length > 0 ? [`    ${protocol} dport ${set(closed)} counter drop`] : [];
}

/**
 * Our own table and nothing else: the ports that a rule names are open to its sources and closed to everybody else.
 * Other ports are left to the other tables, so that a network plugin or an administrator is not overruled.
 */
function ruleset(rules: readonly Rule[], limits: readonly Limit[]): string {
  return `# Declared first, so that the deletion of a table that is not there yet does not fail.
table inet bulwark
delete table inet bulwark

table inet bulwark {
${limits.flatMap(clientSets).join('\n\n')}${limits.length > 0 ? '\n\n' : ''}  chain input {
    type filter hook input priority filter; policy accept;

    iif "lo" accept
    ct state established,related accept
    meta l4proto { icmp, ipv6-icmp } accept

${[...limits.map(limit), ...rules.map(accept)].join('\n\n')}

${[...drop('tcp', rules), ...drop('udp', rules)].join('\n')}
  }
}
`;
}

/** Loads the packet filter, and again whenever Debian's own service has flushed every table. */
export const firewallUnit = `[Unit]
Description=Packet filter of the Kubernetes node
Documentation=man:nft(8)
# Debian's own service flushes every table when it starts or reloads.
After=nftables.service
ReloadPropagatedFrom=nftables.service
Before=network-online.target containerd.service kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${paths.firewall}
ExecReload=/usr/sbin/nft -f ${paths.firewall}
ExecStop=/usr/sbin/nft delete table inet bulwark

[Install]
WantedBy=multi-user.target
`;

/** The node's packet filter and the service that loads it. */
export const firewallFiles: Generator = ({ settings }, node): readonly NodeFile[] => {
  const rules = [...forRole(settings.of('firewall-rule'), node.role)].sort((a, b) => firstPort(a) - firstPort(b));
  if (rules.length === 0) return [];
  const limits = [...forRole(settings.of('connection-limit'), node.role)];
  const origins = originsOf([...rules, ...limits]);
  const restarts = ['bulwark-firewall.service'];
  return [
    { path: paths.firewall, content: comment(origins) + ruleset(rules, limits), mode: '0600', restarts, origins },
    {
      path: '/etc/systemd/system/bulwark-firewall.service',
      content: comment(origins) + firewallUnit,
      mode: '0644',
      restarts,
      origins,
    },
  ];
};
