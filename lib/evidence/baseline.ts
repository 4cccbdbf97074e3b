import { z } from 'zod';
import { type Evidence, type EvidenceRow, isUnproven, rowKey, verdicts } from './evidence';

const baselineSchema = z.strictObject({
  schema: z.literal('bulwark.dev/baseline/v1'),
  cluster: z.string(),
  accepted: z.array(
    z.strictObject({ control: z.string(), where: z.string(), expected: z.string(), verdict: z.enum(verdicts) }),
  ),
});

/** What is wrong with a cluster today and known: only more than that fails. */
export type Baseline = z.infer<typeof baselineSchema>;

/** Accepts everything that a verification finds wrong. */
export function baselineOf({ cluster, rows }: Evidence): Baseline {
  const accepted = rows.filter(isUnproven).map(entryOf);
  return { schema: 'bulwark.dev/baseline/v1', cluster, accepted };
}

/** @throws ZodError where the value is no baseline */
export function parseBaseline(value: unknown): Baseline {
  return baselineSchema.parse(value);
}

/** Rows that are wrong and were not, or are wrong in another way than was accepted. */
export function regressions({ rows }: Evidence, { accepted }: Baseline): readonly EvidenceRow[] {
  const known = new Map(accepted.map((entry) => [rowKey(entry), entry.verdict]));
  return rows.filter((row) => isUnproven(row) && known.get(rowKey(row)) !== row.verdict);
}

/** The baseline without what is right by now. It never grows. */
export function ratchet({ rows }: Evidence, baseline: Baseline): Baseline {
  const wrong = new Set(rows.filter(isUnproven).map(rowKey));
  return { ...baseline, accepted: baseline.accepted.filter((entry) => wrong.has(rowKey(entry))) };
}

const entryOf = ({ control, where, expected, verdict }: EvidenceRow) => ({ control, where, expected, verdict });
