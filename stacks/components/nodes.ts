import type { Input } from '@pulumi/pulumi';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';

/**
 * Machines that a cluster can be made of. Whoever makes machines (a cloud, a rack, a lab) implements this with a
 * resource of its own.
 */
export interface NodeSource {
  /**
   * The part of the spec that the machines decide: `nodes` and how to reach them, and waivers of what their platform
   * cannot hold. What the program's own spec says goes before.
   */
  readonly spec: Input<Partial<ClusterSpecInput>>;
  /** Node software that the machines see already. @default built or taken from the cache as the spec says */
  readonly artifactsDirectory?: Input<string>;
}
