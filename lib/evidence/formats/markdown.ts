import { scopeText } from '../../spec/waiver-scope';
import type { BenchmarkEvidence } from '../benchmark-evidence';
import { changesSince } from '../changes';
import { isUnproven, type Verdict } from '../evidence';
import { demandsInWords, demandTable } from './demands';
import { blindness, type Report, seenText, standsInText, untilText, verdictNames } from './report';

const columns: readonly Verdict[] = ['pass', 'fail', 'waived', 'not-applicable', 'not-observed', 'error'];

/** Markdown for a pull request or a wiki: the table by area, what is wrong, what changed, the waivers. */
export function markdown({ evidence, previous, benchmark }: Report): string {
  const { cluster, kubernetesVersion, profile, at, areas, total, rows, controls, warnings } = evidence;
  const wrong = rows.filter(isUnproven);
  const unseen = blindness(rows);
  const changes = previous ? changesSince(previous, evidence) : [];
  const waived = controls.flatMap(({ id, waivers }) => waivers.map((waiver) => ({ id, waiver })));
  const sections = [
    `# Evidence: ${text(cluster)}`,
    `Kubernetes ${text(kubernetesVersion)}, profile ${profile}, ${at}. ${controls.length} controls by ${rows.length} checks.`,
    table(
      ['area', ...columns.map((verdict) => verdictNames[verdict])],
      [...Object.entries(areas), ['total', total] as const].map(([area, counts]) => [
        area,
        ...columns.map((verdict) => String(counts[verdict] || '')),
      ]),
    ),
    ...(benchmark ? benchmarkSections(benchmark) : []),
    '## What is wrong',
    wrong.length === 0
      ? 'Nothing.'
      : table(
          ['control', 'where', 'verdict', 'expected', 'observed'],
          wrong.map((row) => [row.control, row.where, verdictNames[row.verdict], row.expected, seenText(row)]),
        ),
    ...(unseen.length > 0
      ? [
          '## What could not be seen',
          table(
            ['why', 'checks', 'controls'],
            unseen.map(({ reason, checks, controls }) => [reason, String(checks), controls.join(', ')]),
          ),
        ]
      : []),
    ...(previous
      ? [
          `## What changed since ${previous.at}`,
          changes.length === 0
            ? 'Nothing.'
            : table(
                ['control', 'where', 'expected', 'before', 'now'],
                changes.map(({ row, before, after }) => [
                  row.control,
                  row.where,
                  row.expected,
                  before ? verdictNames[before] : 'new',
                  after ? verdictNames[after] : 'gone',
                ]),
              ),
        ]
      : []),
    ...(waived.length > 0
      ? [
          '## Waivers',
          table(
            ['control', 'where', 'reason', 'owner', 'until', 'stands in'],
            waived.map(({ id, waiver }) => [
              id,
              scopeText(waiver),
              waiver.reason,
              waiver.owner,
              untilText(waiver),
              standsInText(waiver),
            ]),
          ),
        ]
      : []),
    ...(warnings.length > 0 ? ['## Warnings', warnings.map((warning) => `- ${text(warning)}`).join('\n')] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function benchmarkSections(benchmark: BenchmarkEvidence): readonly string[] {
  const { title, demands } = benchmark;
  const { head, rows } = demandTable(benchmark);
  return [`## ${text(title)}`, `${demands.length} demands: ${demandsInWords(benchmark)}.`, table(head, rows)];
}

/** A text that Markdown and the HTML within it take as it is. */
function text(raw: string): string {
  return raw
    .replace(/[\\`*_{}[\]()#+!|~>]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/\s+/g, ' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(text)))].join('\n');
}
