import { areaOf, type EvidenceRow, isUnproven } from '../evidence';
import { type Report, seenText, verdictNames, waiverText } from './report';
import { escapeMarkup } from './xml';

/**
 * JUnit XML, as CI servers read it: a suite per area, a test case per row. `fail` is a failure; `error`, and what
 * nobody can explain why it was not seen, an error; what is waived, not applicable or explained is skipped.
 */
export function junit({ evidence }: Report): string {
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
