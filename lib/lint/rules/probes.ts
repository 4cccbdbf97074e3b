import { fieldsOf, isFields, itemsOf } from '../../fields';
import type { Network } from '../../network-policy/network';
import type { Peer, Policy, PolicyRule } from '../../network-policy/policy';
import { type PortRange, resolvePorts } from '../../network-policy/ports';
import type { Workload } from '../../network-policy/workload';
import type { SetFault } from '../rule';
import { listed } from './listed';

/**
 * Probes that policies refuse. Kubernetes lets a pod's own node through whatever its NetworkPolicies say, so only Cilium
 * can refuse it: by a rule that denies, or by a default deny of the whole cluster that forgets the node.
 */
export function probeFaults(network: Network): SetFault[] {
  if (!network.cilium) return [];
  const silent = new Map<string, { readonly policy: Policy; readonly path: string; readonly workloads: Workload[] }>();
  for (const workload of network.workloads.all) {
    const ports = probedPorts(workload);
    if (workload.hostNetwork || ports.length === 0) continue;
    const place = refusalOf(network, workload, ports);
    if (!place) continue;
    const key = JSON.stringify([place.policy.object, place.path]);
    const entry = silent.get(key) ?? { ...place, workloads: [] };
    entry.workloads.push(workload);
    silent.set(key, entry);
  }
  return [...silent.values()].map(({ policy, path, workloads }) => ({
    object: policy.source,
    path,
    message: `the kubelet cannot probe ${listed(workloads.map(({ object }) => object))}`,
  }));
}

function refusalOf(
  network: Network,
  workload: Workload,
  ports: readonly number[],
): { readonly policy: Policy; readonly path: string } | undefined {
  const { allowed, denied } = network.access(workload, 'ingress');
  const refusal = denied.find(({ rule }) => ports.some((port) => isFromNode(rule, port, workload)));
  if (refusal) return { policy: refusal.policy, path: refusal.rule.path };
  const isAnswered = ports.every((port) => allowed.some(({ rule }) => isFromNode(rule, port, workload)));
  if (isAnswered) return undefined;
  const whole = network.policies.find(
    ({ pods, isolates }) =>
      isolates.ingress && pods.namespaces === undefined && network.workloads.select(pods).includes(workload),
  );
  return whole && { policy: whole, path: `${whole.path}.ingress` };
}

function isFromNode({ peers, ports }: PolicyRule, port: number, workload: Workload): boolean {
  const isNode = (peer: Peer): boolean => peer.kind === 'entity' && ['host', 'cluster', 'all'].includes(peer.entity);
  const holds = ({ protocol, from, to }: PortRange): boolean => protocol === 'TCP' && from <= port && port <= to;
  return (peers?.some(isNode) ?? true) && resolvePorts(ports, workload.ports).some(holds);
}

/** Ports of the pod that the kubelet connects to. */
function probedPorts({ pod, ports }: Workload): readonly number[] {
  return itemsOf(pod.spec.containers).flatMap((item) => {
    const container = fieldsOf(item);
    return [container.startupProbe, container.readinessProbe, container.livenessProbe].flatMap((probe) => {
      const handlers = ['httpGet', 'tcpSocket', 'grpc'].map((handler) => fieldsOf(probe)[handler]).filter(isFields);
      return handlers.flatMap(({ port, host }) => {
        if (host !== undefined) return [];
        if (typeof port === 'number') return [port];
        return ports.filter(({ name }) => name !== undefined && name === port).map(({ number }) => number);
      });
    });
  });
}
