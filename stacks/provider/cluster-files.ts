import type { Bundle } from '../../kubeadm';
import { catalogue } from '../../lib/controls/registry';
import { type Resolution, resolve } from '../../lib/resolve';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { parseSpec } from '../../lib/spec/parse';
import { makeBundle } from '../cluster-bundle';

/** A cluster as its spec says, rendered. */
export interface RenderedCluster {
  readonly resolution: Resolution;
  readonly bundle: Bundle;
  /** What is accepted but probably not meant. */
  readonly warnings: readonly string[];
}

/**
 * Renders a spec without touching anything.
 *
 * @throws HardeningError of kind `spec` or `weaker` with every error at once
 */
export function renderCluster(input: ClusterSpecInput): RenderedCluster {
  const today = new Date().toISOString().slice(0, 10);
  const { spec, warnings } = parseSpec(input, { today, controlIds: catalogue.map(({ id }) => id) });
  const resolution = resolve(spec, catalogue);
  return { resolution, bundle: makeBundle(resolution), warnings: warnings.map(({ message }) => message) };
}
