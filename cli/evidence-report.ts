import Table from 'cli-table3';
import type { BenchmarkEvidence, Evidence, EvidenceRow, Verdict } from '../lib/evidence';
import { answerText, demandsInWords, standingText } from '../lib/evidence/formats/demands';
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
export function linesOf(rows: readonly EvidenceRow[]): readonly string[] {
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

/** Prints each demand of a benchmark with its standing and what answers it, as wide as the terminal. */
export function printBenchmark(
  benchmark: BenchmarkEvidence,
  out: Console,
  columns = process.stdout.columns ?? 120,
): void {
  const { title, demands } = benchmark;
  const idWidth = Math.max(...demands.map(({ id }) => id.length));
  const standingWidth = Math.max('standing'.length, ...demands.map((demand) => standingText(demand).length));
  const rest = Math.max(40, columns - idWidth - standingWidth - 10);
  const table = new Table({
    head: ['id', 'standing', 'demand, and what answers it'],
    colWidths: [idWidth + 2, standingWidth + 2, rest],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const demand of demands) {
    const colour = demand.verdict && colours[demand.verdict];
    const standing = standingText(demand);
    table.push([
      demand.id,
      colour ? out.colour(colour, standing) : standing,
      `${demand.title}\n${out.colour('dim', answerText(demand))}`,
    ]);
  }
  out.result(`\n${out.colour('bold', title)}`);
  out.result(table.toString());
  out.result(`\n${demands.length} demands: ${demandsInWords(benchmark)}`);
}
