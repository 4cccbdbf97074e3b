import type { Input } from '@pulumi/pulumi';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import type { NodeSource } from './nodes';

/** Machines that exist. */
export interface InventoryNodesArgs {
  /** The machines, each with its pinned SSH host key. */
  readonly nodes: Input<ClusterSpecInput['nodes']>;
  /** How to reach each of them, unless it says otherwise. @default root with the agent's keys, port 22 */
  readonly ssh?: Input<ClusterSpecInput['ssh']>;
}

/** Machines that somebody installed: racks, virtual machines, boards. */
export class InventoryNodes implements NodeSource {
  readonly spec: Input<Partial<ClusterSpecInput>>;

  constructor({ nodes, ssh }: InventoryNodesArgs) {
    this.spec = { nodes, ...(ssh !== undefined && { ssh }) } as Input<Partial<ClusterSpecInput>>;
  }
}
