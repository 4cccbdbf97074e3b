import type { Bundle } from '../../kubeadm';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { makeBundle } from '../cluster-bundle';
import { type ResolvedSpec, resolveSpec } from '../resolve-spec';

/** A cluster as its spec says, rendered. */
export interface RenderedCluster extends ResolvedSpec {
  readonly bundle: Bundle;
}

/**
 * Renders a spec without touching anything.
 *
 * @throws HardeningError of kind `spec` or `weaker` with every error at once
 */
export const renderCluster = (input: ClusterSpecInput): RenderedCluster => render(resolveSpec(input));

/**
 * What a spec was when it was applied: a waiver that has expired since hinders nobody from looking at the cluster, from
 * taking it away, or from comparing it with what shall be.
 *
 * @throws HardeningError of kind `spec` where this release does not read the spec of an earlier one
 */
export const resolveApplied = (input: ClusterSpecInput): ResolvedSpec => resolveSpec(input, undefined, '0000-01-01');

/** The same, rendered. */
export const renderApplied = (input: ClusterSpecInput): RenderedCluster => render(resolveApplied(input));

const render = (resolved: ResolvedSpec) => ({ ...resolved, bundle: makeBundle(resolved.resolution) });
