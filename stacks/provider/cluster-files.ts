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
export function renderCluster(input: ClusterSpecInput): RenderedCluster {
  const resolved = resolveSpec(input);
  return { ...resolved, bundle: makeBundle(resolved.resolution) };
}
