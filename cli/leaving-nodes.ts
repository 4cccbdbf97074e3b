import type { ApplyResult, LeavingNode } from '../apply';
import { HardeningError, type Issue } from '../lib/errors';
import type { ClusterSpecInput } from '../lib/spec/cluster-spec';
import { controlPlaneLeft, takeOut, withWayOut } from '../stacks/leaving-nodes';
import type { LoadedCluster } from './load-cluster';
import { showEvents } from './playbook-progress';
import type { Report } from './progress';

/** What happens to nodes that left the spec. */
export interface Departure {
  /** Drained, reset and deleted. */
  readonly nodes: readonly string[];
  /** Deleted only; nobody logs in to their machines. */
  readonly forget: readonly string[];
  /** One line for each, for whoever consents. */
  readonly lines: readonly string[];
  /** The spec with them in it, which says how their machines are reached. */
  readonly spec: ClusterSpecInput;
}

/**
 * Decides what happens to the nodes of the cluster that the spec does not have.
 *
 * @param forget names whose machine is gone
 * @returns undefined where there are none
 * @throws HardeningError of kind `usage` where one must not leave, or nothing tells how it is reached
 */
export function departureOf(
  { resolution }: LoadedCluster,
  leaving: readonly LeavingNode[],
  forget: readonly string[],
): Departure | undefined {
  const { spec } = resolution.cluster;
  const issues = [...leaving.flatMap((node) => obstacles(node, forget, spec.nodes)), ...notLeaving(leaving, forget)];
  if (issues.length > 0) throw new HardeningError('usage', issues);
  if (leaving.length === 0) return undefined;
  const removed = leaving.filter(({ name }) => !forget.includes(name));
  const entries = removed.map(({ node }) => node as ClusterSpecInput['nodes'][number]);
  return {
    nodes: removed.map(({ name }) => name),
    forget,
    lines: leaving.map(({ name }) => {
      const entry = entries.find((one) => one.name === name);
      return entry
        ? `${name} leaves: drain, reset of the machine at ${entry.address}, delete`
        : `${name} is forgotten: delete; its machine is not reset`;
    }),
    spec: { ...spec, nodes: [...spec.nodes, ...entries] },
  };
}

/**
 * Takes the nodes out of the cluster, or tells what that would change.
 *
 * @throws HardeningError of kind `spec` where the cluster's record of a node is no entry of a spec, or as `takeOut`
 */
export async function removeLeaving(
  { stateDirectory }: LoadedCluster,
  { nodes, forget, spec }: Departure,
  { check, drainSeconds, report }: { readonly check: boolean; readonly drainSeconds?: number; readonly report: Report },
): Promise<ApplyResult> {
  const request = { stateDirectory, nodes, forget, drainSeconds, check, onEvent: showEvents(report) };
  try {
    return await takeOut(spec, request);
  } catch (error) {
    throw withWayOut(error, nodes, (name) => `--forget ${name}`);
  }
}

function obstacles(
  { name, controlPlane, node }: LeavingNode,
  forget: readonly string[],
  nodes: readonly { readonly name: string; readonly address: string }[],
): readonly Issue[] {
  const path = `nodes.${name}`;
  const entry = node as { readonly role?: string; readonly address?: string } | null;
  if (controlPlane || entry?.role === 'control-plane') return [controlPlaneLeft(name)];
  if (forget.includes(name)) return [];
  if (entry === null) {
    return [
      {
        code: 'LEAVING_UNKNOWN_MACHINE',
        path,
        message: 'this node is not in the spec, and the cluster has no record of how its machine is reached',
        fix: `put it back, run \`bulwark up\` once, which records it, and take it out again; where the machine is gone: --forget ${name}`,
      },
    ];
  }
  const heir = nodes.find(({ address }) => address === entry.address);
  if (!heir) return [];
  return [
    {
      code: 'LEAVING_ADDRESS_TAKEN',
      path,
      message: `this node is not in the spec, and its address is that of ${heir.name} now`,
      got: entry.address,
      fix: `a machine that gets another name leaves first: take ${heir.name} out, run \`bulwark up\`, then add it; where the machine of ${name} is gone: --forget ${name}`,
    },
  ];
}

function notLeaving(leaving: readonly LeavingNode[], forget: readonly string[]): readonly Issue[] {
  return forget
    .filter((name) => !leaving.some((node) => node.name === name))
    .map((name) => ({
      code: 'FORGET_NOT_LEAVING',
      path: '--forget',
      message: 'no node of this name is about to leave',
      got: name,
      allowed: leaving.map((node) => node.name).join(', ') || 'none: every node of the cluster is in the spec',
      fix: 'take the node out of the spec first',
    }));
}
