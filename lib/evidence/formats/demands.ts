import { type BenchmarkEvidence, type DemandEvidence, type ServingControl, standingOf } from '../benchmark-evidence';
import { verdictNames } from './report';

const names: Readonly<Record<ReturnType<typeof standingOf>, string>> = {
  ...verdictNames,
  deviating: 'deviating',
  open: 'open',
  off: 'not in this profile',
};

/** How a demand stands, as people read it. */
export const standingText = (demand: DemandEvidence): string => names[standingOf(demand)];

/** `kubelet/anonymous-auth: pass` */
export const servingText = ({ id, verdict }: ServingControl): string =>
  `${id}: ${verdict ? verdictNames[verdict] : names.off}`;

/** What answers a demand: its controls with their verdicts, or the text that says why none does. */
export const answerText = ({ controls, text }: DemandEvidence): string => text ?? controls.map(servingText).join(', ');

/** `97 pass, 3 waived, 12 open`, most frequent first. */
export function demandsInWords({ demands }: BenchmarkEvidence): string {
  const counts = new Map<string, number>();
  for (const text of demands.map(standingText)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([text, count]) => `${count} ${text}`)
    .join(', ');
}

/** The columns of a table of demands: documents and sections only where the list names them. */
export function demandTable({ demands }: BenchmarkEvidence): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const hasPlaces = demands.some(({ document }) => document !== undefined);
  return {
    head: ['id', ...(hasPlaces ? ['document', 'section'] : []), 'demand', 'standing', 'answered by'],
    rows: demands.map((demand) => [
      demand.id,
      ...(hasPlaces ? [demand.document ?? '', demand.section ?? ''] : []),
      demand.title,
      standingText(demand),
      answerText(demand),
    ]),
  };
}
