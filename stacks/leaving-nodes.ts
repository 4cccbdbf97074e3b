import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApplyResult, type RemoveNodesRequest, removeNodes } from '../apply';
import { HardeningError, type Issue } from '../lib/errors';
import type { ClusterSpecInput } from '../lib/spec/cluster-spec';
import { layBundle, makeBundle } from './cluster-bundle';
import { resolveSpec } from './resolve-spec';

/** What `takeOut` is asked for; its files lie in the state directory only while it runs. */
export type TakeOutRequest = Omit<RemoveNodesRequest, 'bundleDirectory'>;

/**
 * Takes nodes out of the cluster, or tells what that would change.
 *
 * @param spec one that still has the nodes, except those whose machine is gone: it says how they are reached
 * @throws HardeningError of kind `spec` where the spec does not stand with them, or as `removeNodes`
 */
export async function takeOut(spec: ClusterSpecInput, request: TakeOutRequest): Promise<ApplyResult> {
  const stateDirectory = join(request.stateDirectory, 'leaving');
  try {
    const bundleDirectory = layBundle(makeBundle(resolveSpec(spec).resolution), stateDirectory);
    return await removeNodes({ ...request, stateDirectory, bundleDirectory });
  } finally {
    await rm(stateDirectory, { recursive: true, force: true });
  }
}

/** Why a node of this role may not leave. */
export const controlPlaneLeft = (name: string): Issue => ({
  code: 'LEAVING_CONTROL_PLANE',
  path: `nodes.${name}`,
  message: 'this control plane of the cluster is not in the spec, and control planes are never removed',
  fix: 'put it back into the spec',
});

/**
 * The errors of a run of the playbook, with what only whoever takes nodes out can add.
 *
 * @param forgetting how a user says that a node's machine is gone
 */
export function withWayOut(error: unknown, nodes: readonly string[], forgetting: (name: string) => string): unknown {
  if (!(error instanceof HardeningError)) return error;
  const issues = error.issues.map((issue) => {
    const fix = [issue.fix, wayOut(issue, nodes, forgetting)].filter(Boolean).join('; ');
    return { ...issue, ...(fix && { fix }) };
  });
  return new HardeningError(error.kind, issues);
}

function wayOut(
  { code, path }: Issue,
  nodes: readonly string[],
  forgetting: (name: string) => string,
): string | undefined {
  const name = nodes.find((node) => path === `nodes.${node}`);
  // A machine that is gone for good is told of, not guessed from silence.
  if (code === 'NODE_UNREACHABLE' && name) return `where the machine is gone for good: ${forgetting(name)}`;
  if (code !== 'APPLY_INTERRUPTED' || nodes.length === 0) return undefined;
  return `a node that is to stay after all goes back into the spec, and pods come to it again after \`kubectl uncordon ${nodes.join(' ')}\``;
}
