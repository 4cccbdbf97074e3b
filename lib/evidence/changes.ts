import { type Evidence, type EvidenceRow, rowKey, type Verdict } from './evidence';

/** One row that stands differently than in the run before. */
export interface Change {
  readonly row: EvidenceRow;
  /** Left out where the row is new. */
  readonly before?: Verdict;
  /** Left out where the row is gone; `row` is then that of the run before. */
  readonly after?: Verdict;
}

/** What differs between two runs of one cluster, in the order of the rows; rows that are gone come last. */
export function changesSince(previous: Evidence, current: Evidence): readonly Change[] {
  const before = new Map(previous.rows.map((row) => [rowKey(row), row]));
  const after = new Set(current.rows.map(rowKey));
  return [
    ...current.rows.flatMap((row): Change[] => {
      const was = before.get(rowKey(row))?.verdict;
      return was === row.verdict ? [] : [{ row, ...(was && { before: was }), after: row.verdict }];
    }),
    ...previous.rows.filter((row) => !after.has(rowKey(row))).map((row) => ({ row, before: row.verdict })),
  ];
}
