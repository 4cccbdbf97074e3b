import { type Benchmark, benchmarks, type Coverage, coverage, type Standing } from '../../lib/benchmarks';
import type { Control } from '../../lib/controls/control';
import { anchor, generatedNote, page, prose, table, toControl } from './markdown';

const states = ['covered', 'deviating', 'open'] as const;

/** Text of `docs/reference/coverage.md`: how every demand of every benchmark stands. */
export function coveragePage(controls: readonly Control[]): string {
  const all = benchmarks.map((benchmark) => ({ benchmark, rows: coverage(benchmark, controls) }));
  return page(
    ['# Coverage'],
    [generatedNote],
    [
      '*Covered* means that a control names the demand among its sources; the control’s own checks say how far it goes, which matters where a demand is broad. *Deviating* means that the demand is met in another way, or on purpose not. *Open* means that something is missing.',
      'Titles are our own words. Nothing here is a certification.',
    ],
    table(
      ['List', 'Demands', ...states],
      all.map(({ benchmark: { title }, rows }) => [
        `[${title}](#${anchor(title)})`,
        `${rows.length}`,
        ...states.map((state) => `${rows.filter(({ standing }) => standing.state === state).length}`),
      ]),
    ),
    ...all.flatMap(({ benchmark, rows }) => [[`## ${benchmark.title}`], ...tablesOf(benchmark, rows)]),
  );
}

/** One table, or one for each document of a list that gathers several. */
function tablesOf({ demands }: Benchmark, rows: readonly Coverage[]): readonly (readonly string[])[] {
  const documents = [...new Set(demands.map(({ document }) => document))];
  return documents.flatMap((document) => [
    ...(document === undefined ? [] : [[`### ${document}`]]),
    document === undefined
      ? table(
          ['Id', 'Demand', 'Standing'],
          rows.map(({ demand, standing }) => [demand.id, prose(demand.title), text(standing)]),
        )
      : table(
          ['Id', 'Section', 'Demand', 'Standing'],
          rows
            .filter(({ demand }) => demand.document === document)
            .map(({ demand, standing }) => [
              demand.id,
              prose(demand.section ?? ''),
              prose(demand.title),
              text(standing),
            ]),
        ),
  ]);
}

const text = (standing: Standing): string =>
  standing.state === 'covered'
    ? standing.controls.map(toControl).join(', ')
    : `**${standing.state}**: ${prose(standing.text)}`;
