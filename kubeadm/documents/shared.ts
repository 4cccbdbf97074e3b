import { boardOf } from '../../lib/boards';
import type { MergedSettings } from '../../lib/settings/merge';
import type { Placed } from '../../lib/settings/setting';
import type { NodeSpec } from '../../lib/spec/cluster-spec';
import type { NodeRegistration, Patches, Taint, Timeouts } from '../api/v1beta4';
import { paths } from '../paths';

/** Where every API server listens. The endpoint may be a load balancer on another port. */
export const apiServerPort = 6443;

/** Every kubeadm document that reads patches names them, so that no later step loses one (kubeadm#2867). */
export const patches: Patches = { directory: paths.patches };

const usualTimeouts: Timeouts = {
  controlPlaneComponentHealthCheck: '4m0s',
  kubeletHealthCheck: '4m0s',
  // A discovery file that is not accepted fails at once; kubeadm's own five minutes only hide why.
  discovery: '1m0s',
  tlsBootstrap: '5m0s',
};

/** How long kubeadm waits on this node: boards take their time. */
export const timeoutsOf = (node: NodeSpec): Timeouts => ({ ...usualTimeouts, ...boardOf(node)?.kubeadm });

const controlPlaneTaint: Taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

/** The taints that a node registers with: that of its role, then those of the spec. */
export function taintsOf(node: NodeSpec): readonly Taint[] {
  const role = node.role === 'control-plane' ? [controlPlaneTaint] : [];
  const own = node.taints.map(({ key, value, effect }) => ({ key, ...(value !== undefined && { value }), effect }));
  return [...role, ...own];
}

/**
 * kubeadm's own check of the system refuses cgroup v1 whatever the kubelet is told, so it is left out exactly where the
 * kubelet is told to accept it.
 */
export function acceptsCgroupV1(settings: MergedSettings): readonly Placed[] {
  return settings
    .of('kubelet-field')
    .filter(({ setting }) => setting.path === 'failCgroupV1' && setting.value === false);
}

/** How a node introduces itself, the same at init and at join. */
export function nodeRegistration(node: NodeSpec, settings: MergedSettings): NodeRegistration {
  return {
    name: node.name,
    criSocket: paths.criSocket,
    imagePullPolicy: 'IfNotPresent',
    // On a machine with several addresses the kubelet would otherwise pick one by itself.
    kubeletExtraArgs: [{ name: 'node-ip', value: node.address }],
    taints: taintsOf(node),
    ...(acceptsCgroupV1(settings).length > 0 && { ignorePreflightErrors: ['SystemVerification'] }),
  };
}

/** `host:port`, an IPv6 address in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
