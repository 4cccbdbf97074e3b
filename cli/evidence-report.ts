import Table from 'cli-table3';
import type { Evidence, EvidenceRow, Verdict } from '../lib/evidence';
import { blindness, seenText, waiverText } from '../lib/evidence/formats/report';
import type { Console } from './console';

const columns: readonly { readonly verdict: Verdict; readonly title: string }[] = [
  { verdict: 'pass', title: 'pass' },
  { verdict: 'fail', title: 'fail' },
  { verdict: 'waived', title: 'waived' },
  { verdict: 'not-applicable', title: 'n/a' },
  { verdict: 'not-observed', title: 'not observed' },
  { verdict: 'error', title: 'error' },
];

const colours: Partial<Record<Verdict, 'red' | 'yellow' | 'green'>> = {
  pass: 'green',
  fail: 'red',
  error: 'red',
  waived: 'yellow',
  'not-observed': 'yellow',
};

/** So many checks that one reason keeps from being seen are told together. */
const many = 5;

/** Whether a row says more than that all is well. */
function needsReading({ verdict, seen }: EvidenceRow): boolean {
  return !['pass', 'not-applicable'].includes(seen ?? verdict);
}

/** One line for the same check with the same outcome, however many nodes it was seen on. */
function linesOf(rows: readonly EvidenceRow[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const row of rows) {
    const text = `${row.expected}: ${seenText(row)}`;
    places.set(text, [...(places.get(text) ?? []), row.where]);
  }
  return [...places].map(([text, where]) => `${where.join(', ')}: ${text}`);
}

/** Prints the evidence: a table by area, then every row that is no pass, or all rows, then what could not be seen. */
export function printEvidence(evidence: Evidence, out: Console, all = false): void {
  const { cluster, kubernetesVersion, profile, controls, areas, total, rows } = evidence;
  out.result(
    `\n${out.colour('bold', `Evidence: ${cluster}`)}, Kubernetes ${kubernetesVersion}, profile ${profile}, ${evidence.at}`,
  );
  const table = new Table({
    head: ['area', 'controls', ...columns.map(({ title }) => title)],
    colAligns: ['left', 'right', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  const cell = (verdict: Verdict, count: number) => {
    const colour = colours[verdict];
    if (count === 0) return '';
    return colour ? out.colour(colour, String(count)) : String(count);
  };
  for (const [area, counts] of [...Object.entries(areas), ['total', total] as const]) {
    const sum = columns.reduce((known, { verdict }) => known + counts[verdict], 0);
    table.push([area, sum, ...columns.map(({ verdict }) => cell(verdict, counts[verdict]))]);
  }
  out.result(table.toString());

  const unseen = blindness(rows);
  const common = all ? [] : unseen.filter(({ checks }) => checks > many).map(({ reason }) => reason);
  const isCommon = ({ verdict, observed }: EvidenceRow) => verdict === 'not-observed' && common.includes(observed);
  for (const { id, verdict, title, waivers } of controls) {
    const lines = linesOf(rows.filter((row) => row.control === id && (all || (needsReading(row) && !isCommon(row)))));
    if (lines.length === 0 && waivers.length === 0) continue;
    out.result(`\n${out.colour(colours[verdict] ?? 'dim', verdict)}  ${id}: ${title}`);
    for (const waiver of waivers) out.result(`  ${waiverText(waiver)}`);
    for (const line of lines) out.result(`  ${line}`);
  }
  if (unseen.length > 0) out.result(`\n${out.colour('bold', 'Not observed')}`);
  for (const { reason, checks, controls: concerned } of unseen) {
    const few = concerned.length > many ? `${concerned.length} controls` : concerned.join(', ');
    out.result(`  ${reason}: ${checks} ${checks === 1 ? 'check' : 'checks'} of ${few}`);
  }
  for (const warning of evidence.warnings) out.note(`${out.colour('yellow', 'warning')} ${warning}`);
  out.result(
    `\n${controls.length} controls by ${rows.length} checks: ${Object.entries(total)
      .filter(([, count]) => count > 0)
      .map(([verdict, count]) => `${count} ${verdict}`)
      .join(', ')}`,
  );
}
