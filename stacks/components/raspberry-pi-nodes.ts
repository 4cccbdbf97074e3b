import { all, type Input, type Output } from '@pulumi/pulumi';
import type { BoardName } from '../../lib/boards/classes';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import type { NodeSource } from './nodes';

type NodeInput = ClusterSpecInput['nodes'][number];

/** One Raspberry Pi. */
export interface RaspberryPi extends Omit<NodeInput, 'platform'> {
  /** Its class. @default that of all */
  readonly board?: BoardName;
}

/** Raspberry Pis with a 64-bit system, which somebody flashed and plugged in. */
export interface RaspberryPiNodesArgs {
  /** The boards, each with its pinned SSH host key; behind a gateway also with its hardware address. */
  readonly boards: Input<readonly RaspberryPi[]>;
  /** The class of those that name none. @default 'pi-4' */
  readonly board?: Input<BoardName>;
  /** The host that is the only way to them. @default none: the operator reaches each by itself */
  readonly gateway?: Input<ClusterSpecInput['gateway']>;
  /** How to reach each of them, unless it says otherwise. @default root with the agent's keys, port 22 */
  readonly ssh?: Input<ClusterSpecInput['ssh']>;
}

/**
 * Boards as nodes: with the timing, reserves and controls of their class, and node software for arm64. Not proven on a
 * board.
 */
export class RaspberryPiNodes implements NodeSource {
  readonly spec: Output<Partial<ClusterSpecInput>>;

  constructor({ boards, board = 'pi-4', gateway, ssh }: RaspberryPiNodesArgs) {
    this.spec = all([boards, board, gateway, ssh]).apply(
      ([each, usual, host, access]): Partial<ClusterSpecInput> => ({
        nodes: (each as readonly RaspberryPi[]).map(({ board: own = usual, ...node }) => ({
          ...node,
          platform: { board: own },
        })),
        ...(host !== undefined && { gateway: host as ClusterSpecInput['gateway'] }),
        ...(access !== undefined && { ssh: access as ClusterSpecInput['ssh'] }),
      }),
    );
  }
}
