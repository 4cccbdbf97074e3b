import { isIPv6 } from 'node:net';
import type { Placed, SettingOf } from '../../lib/settings/setting';
import { paths } from '../paths';
import { forRole, type Generator, type NodeFile, originsOf } from '../plan/planning';
import { comment } from '../render/comment';

type Rule = Placed<SettingOf<'firewall-rule'>>;

const firstPort = ({ setting: { port } }: Rule) => (typeof port === 'number' ? port : port[0]);
const ports = ({ setting: { port } }: Rule) => (typeof port === 'number' ? `${port}` : port.join('-'));
const protocolOf = ({ setting: { protocol = 'tcp' } }: Rule) => protocol;
const set = (members: readonly string[]) => `{ ${members.join(', ')} }`;

function accept(rule: Rule): string {
  const { sources, purpose } = rule.setting;
  const isSix = (source: string) => isIPv6(source.split('/')[0] ?? '');
  const four = sources.filter((source) => !isSix(source)).sort();
  const six = sources.filter(isSix).sort();
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
function ruleset(rules: readonly Rule[]): string {
  return `# Declared first, so that the deletion of a table that is not there yet does not fail.
table inet bulwark
delete table inet bulwark

table inet bulwark {
  chain input {
    type filter hook input priority filter; policy accept;

    iif "lo" accept
    ct state established,related accept
    meta l4proto { icmp, ipv6-icmp } accept

${rules.map(accept).join('\n\n')}

${[...drop('tcp', rules), ...drop('udp', rules)].join('\n')}
  }
}
`;
}

const unit = `[Unit]
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
  const origins = originsOf(rules);
  const restarts = ['bulwark-firewall.service'];
  return [
    { path: paths.firewall, content: comment(origins) + ruleset(rules), mode: '0600', restarts, origins },
    {
      path: '/etc/systemd/system/bulwark-firewall.service',
      content: comment(origins) + unit,
      mode: '0644',
      restarts,
      origins,
    },
  ];
};
