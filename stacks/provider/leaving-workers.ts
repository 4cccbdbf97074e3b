import { type ApplyRequest, applyCluster } from '../../apply';
import { HardeningError, type Issue } from '../../lib/errors';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { controlPlaneLeft, takeOut, withWayOut } from '../leaving-nodes';
import { type ClusterInputs, inputsOf } from './cluster-inputs';
import type { Properties } from './resource';

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

/** Who leaves a cluster with an update. */
export interface Leaving {
  /** Drained, reset and deleted. */
  readonly workers: readonly Node[];
  /** Names of those whose machine is gone: deleted, and nobody logs in to them. */
  readonly forgotten: readonly string[];
}

/**
 * Who is to leave by what the program says now, and not yet when it was applied last.
 *
 * @throws HardeningError of kind `usage` where a control plane is among them, or a node that stays is to be forgotten
 */
export function leavingOf(before: Properties, { spec, forgetNodes = [] }: ClusterInputs): Leaving {
  const kept = forgetNodes.filter((name) => spec.nodes.some((node) => node.name === name));
  if (kept.length > 0) throw new HardeningError('usage', kept.map(stillThere));
  if (before.spec === undefined) return { workers: [], forgotten: forgetNodes };
  const { spec: applied, forgetNodes: done = [] } = inputsOf(before);
  const gone = leavingWorkers(applied.nodes, spec.nodes);
  return {
    workers: gone.filter(({ name }) => !forgetNodes.includes(name)),
    forgotten: forgetNodes.filter((name) => !done.includes(name)),
  };
}

const stillThere = (name: string): Issue => ({
  code: 'FORGET_NOT_LEAVING',
  path: 'forgetNodes',
  message: 'this node is in the spec, so it cannot be forgotten',
  got: name,
  fix: 'take it out of the spec, or out of forgetNodes',
});

/**
 * Takes workers out of the cluster, as far as they are still in it: drain, reset of the machine, Node object; of those
 * that are forgotten the Node object alone. First, while the other nodes' packet filters still let them in.
 *
 * @param request of the update that follows
 * @returns those that were in it
 * @throws HardeningError of kind `usage` where a control plane is to be forgotten, or as `takeOut`
 * @see docs/decisions/0019-nodes-that-leave.md
 */
export async function removeWorkers(
  { workers, forgotten }: Leaving,
  spec: ClusterSpecInput,
  request: ApplyRequest,
): Promise<Leaving> {
  const nobody = { workers: [], forgotten: [] };
  if (workers.length + forgotten.length === 0) return nobody;
  const { leaving } = await applyCluster({ ...request, check: true });
  const lost = leaving.filter(({ name }) => forgotten.includes(name));
  const leaders = lost.filter(({ controlPlane }) => controlPlane).map(({ name }) => controlPlaneLeft(name));
  if (leaders.length > 0) throw new HardeningError('usage', leaders);
  const members = workers.filter(({ name }) => leaving.some((node) => node.name === name));
  if (members.length + lost.length === 0) return nobody;
  const { stateDirectory, onEvent } = request;
  const [nodes, forget] = [members, lost].map((list) => list.map(({ name }) => name)) as [string[], string[]];
  try {
    await takeOut({ ...spec, nodes: [...spec.nodes, ...members] }, { stateDirectory, nodes, forget, onEvent });
  } catch (error) {
    throw withWayOut(error, nodes, (name) => `forgetNodes: ['${name}']`);
  }
  return { workers: members, forgotten: forget };
}
