import { type ApplyRequest, applyCluster } from '../../apply';
import { HardeningError } from '../../lib/errors';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { controlPlaneLeft, takeOut } from '../leaving-nodes';

type Node = ClusterSpecInput['nodes'][number];

/**
 * The workers that are in one list of nodes and no more in the next.
 *
 * @throws HardeningError of kind `usage` where a control plane is among them
 */
export function leavingWorkers(before: readonly Node[], nodes: readonly Node[]): readonly Node[] {
  const gone = before.filter(({ name }) => nodes.every((node) => node.name !== name));
  const controlPlanes = gone.filter(({ role }) => role === 'control-plane');
  if (controlPlanes.length === 0) return gone;
  throw new HardeningError(
    'usage',
    controlPlanes.map(({ name }) => controlPlaneLeft(name)),
  );
}

/**
 * Takes workers that left the spec out of the cluster, as far as they are still in it: drain, reset of the machine, Node
 * object. First, while the other nodes' packet filters still let them in.
 *
 * @param request of the update that follows
 * @throws HardeningError as `leavingWorkers` and `takeOut`
 * @see docs/decisions/0019-nodes-that-leave.md
 */
export async function removeWorkers(
  before: readonly Node[],
  spec: ClusterSpecInput,
  request: ApplyRequest,
): Promise<readonly string[]> {
  const gone = leavingWorkers(before, spec.nodes);
  if (gone.length === 0) return [];
  const { leaving } = await applyCluster({ ...request, check: true });
  const members = gone.filter(({ name }) => leaving.some((node) => node.name === name));
  if (members.length === 0) return [];
  const { stateDirectory, onEvent } = request;
  const nodes = members.map(({ name }) => name);
  await takeOut({ ...spec, nodes: [...spec.nodes, ...members] }, { stateDirectory, nodes, onEvent });
  return nodes;
}
