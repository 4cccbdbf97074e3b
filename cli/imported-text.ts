import { stringify } from 'yaml';
import type { EvidenceRow } from '../lib/evidence';
import type { ImportedSpec } from '../lib/foreign/import-spec';
import type { Console } from './console';
import { linesOf } from './evidence-report';

const comment = (lines: readonly string[]): string => lines.map((line) => `${`# ${line}`.trimEnd()}\n`).join('');
const listed = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? ['', title, ...lines.map((line) => `* ${line}`)] : [];

/** The file of an imported spec, which says on top what it is. */
export function importedText({ spec, recorded, lost, unread }: ImportedSpec): string {
  const origin = recorded
    ? ['Written by `bulwark import` from the record in the cluster: the spec that it was made of.']
    : [
        'Written by `bulwark import` from a running cluster: the spec that comes closest.',
        'Bulwark makes clusters on machines that have none; it does not take this one over in place.',
      ];
  const remarks = [...listed('Not taken over:', lost), ...listed('Could not be read:', unread)];
  return comment([...origin, ...remarks]) + stringify(spec, { lineWidth: 120 });
}

/** Prints what the spec changes, what it leaves out, and what is to be done next. */
export function showImported(
  { recorded, lost, unread, unpinned }: ImportedSpec,
  changes: readonly EvidenceRow[],
  warnings: readonly string[],
  file: string,
  out: Console,
): void {
  for (const warning of warnings) out.note(`${out.colour('yellow', 'warning')} ${warning}`);
  const controls = [...new Set(changes.map(({ control }) => control))];
  out.result(
    recorded
      ? `What does not hold in the cluster as its spec says: ${controls.length} controls`
      : `What a cluster of this spec does otherwise: ${controls.length} controls`,
  );
  for (const control of controls) {
    out.result(`  ${out.colour('bold', control)}`);
    for (const line of linesOf(changes.filter((row) => row.control === control))) out.result(`    ${line}`);
  }
  for (const [title, lines] of [
    ['Not taken over:', lost],
    ['Could not be read:', unread],
  ] as const) {
    if (lines.length > 0) out.result(title);
    for (const line of lines) out.result(`  ${line}`);
  }
  out.result(
    recorded
      ? `Wrote ${file}, the spec that this cluster was made of. Read it, then: bulwark up ${file}`
      : `Wrote ${file}. Bulwark makes clusters on machines that have none: use it on new or reset machines.`,
  );
  if (unpinned.length > 0) {
    out.result(`Host keys of ${unpinned.join(', ')} are not known here: bulwark inventory scan -f ${file}`);
  }
}
