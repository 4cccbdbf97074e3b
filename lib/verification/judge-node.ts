import { type NodeObservations, type Observation, type Probe, probeKey } from '../checks/probe';
import { judgeCluster } from '../evidence/judge-cluster';
import type { Resolution } from '../resolve';
import { verificationMetrics } from './metrics';
import { outOfSight } from './schedule';

/** Observations by probe key, by node. */
type Hidden = ReadonlyMap<string, ReadonlyMap<string, Observation>>;

/**
 * Judges what one control plane saw of itself and of the API, as the scheduled verification does.
 *
 * @returns metrics in the text format of Prometheus
 */
export function judgeNode(resolution: Resolution, seen: NodeObservations, now: Date): string {
  const hidden = hiddenFrom(resolution, seen.node);
  const unseen = (node: string) => Object.fromEntries(hidden.get(node) ?? []);
  const others = resolution.cluster.spec.nodes
    .filter(({ name }) => name !== seen.node)
    .map(({ name, role }) => ({ node: name, role, at: seen.at, observations: unseen(name) }));
  const own = { ...seen, observations: { ...seen.observations, ...unseen(seen.node) } };
  const evidence = judgeCluster(resolution, [own, ...others], { now });
  return verificationMetrics({
    evidence,
    resolution,
    seen,
    isHidden: ({ scope, where, proof }) =>
      proof !== undefined && hidden.get(scope === 'cluster' ? seen.node : where)?.has(proof.probe) === true,
  });
}

/** What the control plane does not see, with the reason, by node. */
function hiddenFrom({ cluster, controls }: Resolution, observer: string): Hidden {
  const { nodes, verification } = cluster.spec;
  const hidden = new Map(nodes.map(({ name }) => [name, new Map<string, Observation>()]));
  const hide = (node: string, probe: Probe, reason: string) =>
    hidden.get(node)?.set(probeKey(probe), { unseen: `the scheduled verification does not look: ${reason}` });
  for (const { scope, probe } of controls.flatMap((control) => control.checks(cluster))) {
    const reason = outOfSight(probe, verification);
    if (reason !== undefined) hide(observer, probe, reason);
    if (scope === 'cluster') continue;
    for (const { name, role } of nodes) {
      if (name === observer || (scope !== 'node' && scope !== role)) continue;
      hide(name, probe, 'it is seen on the node itself only');
    }
  }
  return hidden;
}
