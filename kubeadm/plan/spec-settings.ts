import type { ResolvedCluster } from '../../lib/resolved-cluster';
import type { Placed, Setting } from '../../lib/settings/setting';
import { paths } from '../paths';

/** What the spec asks for directly, without a control in between. */
export function specSettings(cluster: ResolvedCluster): readonly Placed[] {
  const { networking, registry } = cluster.spec;
  const placed: Placed[] = [];
  const add = (path: string, ...settings: Setting[]) =>
    placed.push(...settings.map((setting) => ({ setting, origins: [`spec:${path}`] })));

  if (networking.dnsUpstreams.length > 0) {
    add('networking.dnsUpstreams', { kind: 'kubelet-field', path: 'resolvConf', value: paths.resolvConf });
  }
  if (networking.ntpServers.length > 0) {
    add('networking.ntpServers', { kind: 'node-service', service: 'time-sync', roles: ['control-plane', 'worker'] });
  }
  if (networking.httpProxy) {
    const { url } = networking.httpProxy;
    const environment = [`HTTP_PROXY=${url}`, `HTTPS_PROXY=${url}`, `NO_PROXY=${noProxy(cluster).join(',')}`];
    for (const variable of environment) {
      add('networking.httpProxy', {
        kind: 'unit-option',
        unit: 'containerd.service',
        name: 'Environment',
        // A percent sign starts a specifier in unit files.
        value: `"${variable.replaceAll('%', '%%')}"`,
      });
    }
  }
  if (registry) {
    add('registry', {
      kind: 'containerd-field',
      path: ['plugins', 'io.containerd.cri.v1.images', 'registry', 'config_path'],
      value: paths.registryHosts,
    });
  }
  return placed;
}

/** Destinations that never go through the proxy: the cluster itself, then what the spec adds. */
function noProxy({ spec, endpoint }: ResolvedCluster): readonly string[] {
  const own = [
    'localhost',
    '127.0.0.1',
    endpoint.host,
    ...spec.nodes.map(({ address }) => address),
    spec.networking.podCidr,
    spec.networking.serviceCidr,
    '.svc',
    `.${spec.networking.dnsDomain}`,
  ];
  return [...new Set([...own, ...(spec.networking.httpProxy?.noProxy ?? [])])];
}
