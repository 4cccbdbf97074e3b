import { etcdTiming, hasBoards } from '../../lib/boards';
import type { ResolvedCluster } from '../../lib/resolved-cluster';
import type { ControlPlaneComponent, Placed, Setting } from '../../lib/settings/setting';
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
  if (hasBoards(cluster)) add('nodes', ...boardTiming(cluster));
  return placed;
}

/**
 * Where some node is a board: leases are renewed less often, because each renewal is a write that an SD card has to
 * sync, and last longer, because a slow sync must depose nobody. A node that dies is noticed after two minutes.
 */
function boardTiming(cluster: ResolvedCluster): readonly Setting[] {
  const argument = (component: ControlPlaneComponent, name: string, value: string): Setting => ({
    kind: 'component-arg',
    component,
    name,
    value,
  });
  const etcd = etcdTiming(cluster);
  return [
    ...(['kube-controller-manager', 'kube-scheduler'] as const).flatMap((component) => [
      argument(component, 'leader-elect-lease-duration', '60s'),
      argument(component, 'leader-elect-renew-deadline', '40s'),
      argument(component, 'leader-elect-retry-period', '10s'),
    ]),
    argument('kube-controller-manager', 'node-monitor-grace-period', '2m0s'),
    { kind: 'kubelet-field', path: 'nodeLeaseDurationSeconds', value: 80 },
    ...(etcd
      ? [
          argument('etcd', 'heartbeat-interval', `${etcd.heartbeat}`),
          argument('etcd', 'election-timeout', `${etcd.election}`),
        ]
      : []),
  ];
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
