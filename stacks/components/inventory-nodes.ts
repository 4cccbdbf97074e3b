import { type Input, output, RunError } from '@pulumi/pulumi';
import { HardeningError } from '../../lib/errors';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import type { NodeSource } from './nodes';

/** Machines that exist. */
export interface InventoryNodesArgs {
  /** The machines, each with its pinned SSH host key. @default those of `inventory` */
  readonly nodes?: Input<ClusterSpecInput['nodes']>;
  /**
   * Path of an inventory of Ansible. Groups that are called `control_plane`, `masters` and the like tell the control
   * planes; host keys come from the `known_hosts` files of the inventory and of whoever runs the program, and a missing one
   * is an error.
   */
  readonly inventory?: string;
  /** How to reach each of them, unless it says otherwise. @default root with the agent's keys, port 22 */
  readonly ssh?: Input<ClusterSpecInput['ssh']>;
}

/** Machines that somebody installed: racks, virtual machines, boards. */
export class InventoryNodes implements NodeSource {
  readonly spec: Input<Partial<ClusterSpecInput>>;

  /** @throws Error where neither or both of `nodes` and `inventory` are given */
  constructor({ nodes, inventory, ssh }: InventoryNodesArgs) {
    if ((nodes === undefined) === (inventory === undefined)) {
      throw new Error('InventoryNodes takes one of `nodes` and `inventory`');
    }
    const machines = nodes ?? output(readNodes(inventory ?? ''));
    this.spec = { nodes: machines, ...(ssh !== undefined && { ssh }) } as Input<Partial<ClusterSpecInput>>;
  }
}

/** Loaded only where an inventory is read: a program that names its nodes needs no Ansible. */
async function readNodes(inventory: string): Promise<ClusterSpecInput['nodes']> {
  const { pinnedInventoryNodes } = await import('../../apply/inventory-nodes');
  try {
    return [...(await pinnedInventoryNodes(inventory))];
  } catch (error) {
    // What a user can cause is shown without the place in our code.
    throw error instanceof HardeningError ? new RunError(error.message) : error;
  }
}
