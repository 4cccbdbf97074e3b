import { addressOf, sshOf } from '../../lib/gateway';
import type { ResolvedCluster } from '../../lib/resolved-cluster';
import { gatewayFiles, gatewaySysctls } from '../documents/gateway';
import type { PlannedNode, UnitPlan } from './host-plan';

const controls = ['spec:gateway'];

/** The host between the nodes and the network around them, laid down as a node's tree is; undefined without one. */
export function planGateway(cluster: ResolvedCluster): PlannedNode | undefined {
  const { gateway } = cluster.spec;
  if (!gateway) return undefined;
  const files = gatewayFiles(gateway, cluster);
  const started = (name: string): UnitPlan => ({ name, enabled: true, state: 'started', controls });
  return {
    files,
    plan: {
      node: {
        name: gateway.name,
        role: 'gateway',
        address: addressOf(gateway.outside.address),
        labels: {},
        taints: [],
      },
      files: files.map(({ path, mode, restarts, origins }) => ({
        path,
        mode,
        owner: 'root',
        group: 'root',
        slots: [],
        restarts,
        controls: origins,
      })),
      directories: [],
      modes: [],
      absent: [],
      users: [],
      packages: ['dnsmasq', 'nftables', 'openssh-server', 'systemd-timesyncd'],
      modules: [],
      sysctls: Object.entries(gatewaySysctls).map(([name, value]) => ({ name, value, controls })),
      interfaces: [gateway.outside, gateway.inside],
      behind: cluster.spec.nodes.map((node) => ({
        name: node.name,
        address: node.address,
        port: sshOf(cluster.spec, node).port ?? 22,
        macAddress: node.macAddress ?? '',
      })),
      units: ['bulwark-firewall.service', 'systemd-timesyncd.service', 'dnsmasq.service'].map(started),
      images: [],
      binaries: [],
      written: [],
    },
  };
}
