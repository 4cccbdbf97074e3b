import { boardOf } from '../../lib/boards';
import type { NodeSpec } from '../../lib/spec/cluster-spec';
import type { Planning } from './planning';

/** What is done to a board before anything else: its part of `host.yaml`. */
export interface BoardPlan {
  readonly name: string;
  /** How the device tree's `model` begins. */
  readonly models: readonly string[];
  /** Words of the kernel's command line. A change takes a reboot. */
  readonly arguments: readonly {
    readonly argument: string;
    readonly instead: readonly string[];
    readonly controls: readonly string[];
  }[];
  /** Whether nothing is installed before the clock is synchronised. */
  readonly clock: boolean;
  /** Only where the board keeps etcd. 99th percentile of a sync, in milliseconds. */
  readonly disk?: { readonly warn: number; readonly fail: number };
}

export function boardPlan({ settings }: Planning, node: NodeSpec): BoardPlan | undefined {
  const board = boardOf(node);
  if (!board || !node.platform) return undefined;
  const [disk] = node.role === 'control-plane' ? settings.of('disk-limit') : [];
  return {
    name: node.platform.board,
    models: board.models,
    arguments: settings
      .of('kernel-argument')
      .map(({ setting: { argument, instead }, origins }) => ({ argument, instead, controls: origins })),
    clock: settings.of('node-service').some(({ setting }) => setting.service === 'time-gate'),
    ...(disk && { disk: { warn: disk.setting.warn, fail: disk.setting.fail } }),
  };
}
