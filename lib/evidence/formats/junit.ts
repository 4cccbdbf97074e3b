import type { BenchmarkEvidence } from '../benchmark-evidence';
import { areaOf, type Evidence, type EvidenceRow, isUnproven } from '../evidence';
import { answerText, standingText } from './demands';
import { type Report, seenText, verdictNames, waiverText } from './report';
import { escapeMarkup } from './xml';

/**
 * JUnit XML, as CI servers read it: a suite per area, a test case per row. `fail` is a failure; `error`, and what
 * nobody can explain why it was not seen, an error; what is waived, not applicable or explained is skipped.
 *
 * Of a benchmark it is one suite with a test case per demand, which fails where a check of one of its controls does.
 */
export function junit({ evidence, benchmark }: Report): string {
  if (benchmark) return benchmarkSuite(evidence, benchmark);
  const areas = Object.keys(evidence.areas);
  const suites = areas.map((area) =>
    suite(
      area,
      evidence.rows.filter(({ control }) => areaOf(control) === area),
      evidence.at,
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${escapeMarkup(`bulwark ${evidence.cluster}`)}"${totals(evidence.rows)}>
${suites.join('\n')}
</testsuites>
`;
}

function benchmarkSuite(evidence: Evidence, { title, demands }: BenchmarkEvidence): string {
  const cases = demands.map((demand) => {
    const of = new Set(demand.controls.map(({ id }) => id));
    const wrong = evidence.rows.filter((row) => of.has(row.control) && isUnproven(row));
    const isSeen = demand.verdict === 'pass' || wrong.length > 0;
    return { demand, wrong, outcome: isSeen ? (wrong.length > 0 ? 'failure' : 'passed') : ('skipped' as const) };
  });
  const count = (wanted: Outcome) => cases.filter(({ outcome: is }) => is === wanted).length;
  const lines = cases.map(({ demand, wrong, outcome: is }) => {
    const head = `    <testcase classname="${escapeMarkup(title)}" name="${escapeMarkup(`${demand.id} ${demand.title}`)}" time="0"`;
    if (is === 'passed') return `${head}/>`;
    const message = escapeMarkup(`${standingText(demand)}: ${answerText(demand)}`);
    if (is === 'skipped') return `${head}><skipped message="${message}"/></testcase>`;
    const text = wrong.map((row) => `${row.control} on ${row.where}: expected: ${row.expected}; ${seenText(row)}`);
    return `${head}><failure type="${demand.verdict}" message="${message}">${escapeMarkup(text.join('\n'))}</failure></testcase>`;
  });
  const sums = ` tests="${cases.length}" failures="${count('failure')}" errors="0" skipped="${count('skipped')}" time="0"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${escapeMarkup(`bulwark ${evidence.cluster}`)}"${sums}>
  <testsuite name="${escapeMarkup(title)}"${sums} timestamp="${evidence.at.slice(0, 19)}">
${lines.join('\n')}
  </testsuite>
</testsuites>
`;
}

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

function outcome(row: EvidenceRow): Outcome {
  if (row.verdict === 'pass') return 'passed';
  if (!isUnproven(row)) return 'skipped';
  return row.verdict === 'fail' ? 'failure' : 'error';
}

function totals(rows: readonly EvidenceRow[]): string {
  const count = (wanted: Outcome) => rows.filter((row) => outcome(row) === wanted).length;
  return ` tests="${rows.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`;
}

function suite(area: string, rows: readonly EvidenceRow[], at: string): string {
  const timestamp = at.slice(0, 19);
  return `  <testsuite name="${escapeMarkup(area)}"${totals(rows)} timestamp="${timestamp}">
${rows.map(testCase).join('\n')}
  </testsuite>`;
}

function testCase(row: EvidenceRow): string {
  const head = `    <testcase classname="${escapeMarkup(row.control)}" name="${escapeMarkup(`${row.expected} [${row.where}]`)}" time="0"`;
  const kind = outcome(row);
  if (kind === 'passed') return `${head}/>`;
  const waivers = (row.waivers ?? []).map(waiverText);
  const message = escapeMarkup([`${verdictNames[row.verdict]}: ${seenText(row)}`, ...waivers].join('; '));
  if (kind === 'skipped') return `${head}><skipped message="${message}"/></testcase>`;
  const place = row.location ? `\n${row.location.file}:${row.location.line}` : '';
  const text = escapeMarkup(`expected: ${row.expected}\nobserved: ${row.observed}${place}`);
  return `${head}><${kind} type="${row.verdict}" message="${message}">${text}</${kind}></testcase>`;
}
