import type { ApplyResult, NodeOutcome } from '../apply';
import { type Evidence, type EvidenceRow, isUnproven } from '../lib/evidence';
import type { Console } from './console';
import { linesOf } from './evidence-report';

/**
 * The rows of the nodes that are part of the cluster already and do not hold; none before there is a cluster.
 *
 * @param preview what the same run would change, which tells which nodes those are
 */
export function driftOf(evidence: Evidence, { nodes }: Pick<ApplyResult, 'nodes'>): readonly EvidenceRow[] {
  if (makesCluster({ nodes })) return [];
  const joining = nodes.filter((node) => runs(node, 'kubeadm join ')).map(({ name }) => name);
  return evidence.rows.filter((row) => isUnproven(row) && !joining.includes(row.where));
}

/** Whether a run makes the cluster, or would: repairs run single phases of `kubeadm init`, never all of it. */
export function makesCluster({ nodes }: Pick<ApplyResult, 'nodes'>): boolean {
  return nodes.some((node) => runs(node, 'kubeadm init --'));
}

const runs = ({ changes }: NodeOutcome, command: string): boolean =>
  changes.some(({ kind, name }) => kind === 'command' && name.startsWith(command));

/** Prints, by control, what does not hold and where. */
export function printDrift(rows: readonly EvidenceRow[], out: Console): void {
  if (rows.length === 0) return;
  out.note('Drift, by control:');
  for (const control of new Set(rows.map((row) => row.control))) {
    out.note(`  ${out.colour('red', control)}`);
    for (const line of linesOf(rows.filter((row) => row.control === control))) out.note(`    ${line}`);
  }
}
