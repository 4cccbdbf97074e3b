import { paths } from '../paths';
import type { Generator, NodeFile } from '../plan/planning';
import { comment } from '../render/comment';

/** The resolvers of the spec, which the kubelet hands to pods that use the node's DNS (CoreDNS does). */
export const resolvConfFile: Generator = ({ cluster }): readonly NodeFile[] => {
  const { dnsUpstreams } = cluster.spec.networking;
  if (dnsUpstreams.length === 0) return [];
  const origins = ['spec:networking.dnsUpstreams'];
  const lines = dnsUpstreams.map((address) => `nameserver ${address}\n`);
  return [{ path: paths.resolvConf, content: comment(origins) + lines.join(''), mode: '0644', restarts: [], origins }];
};

/** The time servers of the spec. */
export const timesyncdFile: Generator = ({ cluster }): readonly NodeFile[] => {
  const { ntpServers } = cluster.spec.networking;
  if (ntpServers.length === 0) return [];
  const origins = ['spec:networking.ntpServers'];
  return [
    {
      path: '/etc/systemd/timesyncd.conf.d/bulwark.conf',
      content: `${comment(origins)}[Time]\nNTP=${ntpServers.join(' ')}\nFallbackNTP=\n`,
      mode: '0644',
      restarts: ['systemd-timesyncd.service'],
      origins,
    },
  ];
};
