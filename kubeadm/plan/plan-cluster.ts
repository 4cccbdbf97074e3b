import type { Resolution } from '../../lib/resolve';
import { probePlan } from '../bundle/checks';
import { planGateway } from './gateway-plan';
import { type PlannedNode, planNode } from './host-plan';
import { checkMountedFiles } from './mounted-files';
import type { NodePrograms, Planning } from './planning';
import { allSettings } from './settings';

/** The plan of every node, by node name in the order of the spec, then that of the gateway. */
export interface ClusterPlan {
  readonly planning: Planning;
  readonly nodes: ReadonlyMap<string, PlannedNode>;
}

/**
 * Plans a cluster.
 *
 * @param programs our programs that run on nodes, as text
 * @throws HardeningError naming every contradiction between settings and every argument that the spec may not set
 */
export function planCluster(resolution: Resolution, programs: NodePrograms): ClusterPlan {
  const planning: Planning = {
    cluster: resolution.cluster,
    settings: allSettings(resolution),
    programs,
    probes: probePlan(resolution),
  };
  const nodes = new Map(planning.cluster.spec.nodes.map((node) => [node.name, planNode(planning, node)]));
  checkMountedFiles(
    planning,
    [...nodes.values()].filter(({ plan }) => plan.node.role === 'control-plane'),
  );
  const gateway = planGateway(planning.cluster);
  if (gateway) nodes.set(gateway.plan.node.name, gateway);
  return { planning, nodes };
}
