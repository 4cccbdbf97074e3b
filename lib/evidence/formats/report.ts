import type { Evidence, EvidenceRow, Verdict } from '../evidence';

/** What a report is made of. Formats are pure: the same report gives the same text. */
export interface Report {
  readonly evidence: Evidence;
  /** Evidence of the run before, to tell what changed. */
  readonly previous?: Evidence;
  /** Version of Bulwark. */
  readonly version: string;
}

/** Verdicts as people read them. */
export const verdictNames: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'fail',
  waived: 'waived',
  'not-applicable': 'not applicable',
  'not-observed': 'not observed',
  error: 'error',
};

/** What a row says was seen; a waiver never hides it. */
export function seenText({ verdict, seen, observed }: EvidenceRow): string {
  return verdict === 'waived' && seen ? `observed: ${verdictNames[seen]}, ${observed}` : observed;
}

/** JSON that every reader takes: halves of surrogate pairs, which are no text, become U+FFFD. */
export function portableJson(value: unknown): string {
  const whole = (_: string, each: unknown) => (typeof each === 'string' ? each.replace(/\p{Cs}/gu, '\ufffd') : each);
  return `${JSON.stringify(value, whole, 2)}\n`;
}
