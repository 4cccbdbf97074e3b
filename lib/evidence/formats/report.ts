import { scopeText } from '../../spec/waiver-scope';
import type { BenchmarkEvidence } from '../benchmark-evidence';
import type { Evidence, EvidenceRow, Verdict, WaiverEvidence } from '../evidence';

/** What a report is made of. Formats are pure: the same report gives the same text. */
export interface Report {
  readonly evidence: Evidence;
  /** Evidence of the run before, to tell what changed. */
  readonly previous?: Evidence;
  /** A benchmark that the evidence is held against. */
  readonly benchmark?: BenchmarkEvidence;
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

/** What a row says was seen, and by what, where that is weak; a waiver never hides it. */
export function seenText({ verdict, seen, observed, strength }: EvidenceRow): string {
  const text = strength === 'text' && seen !== 'not-observed' && verdict !== 'not-observed';
  const whole = text ? `${observed} (by a file’s text, the last resort)` : observed;
  return verdict === 'waived' && seen ? `observed: ${verdictNames[seen]}, ${whole}` : whole;
}

/** Why something was not seen, and how much that concerns. */
export interface Blindness {
  readonly reason: string;
  readonly checks: number;
  /** Ids of the controls. */
  readonly controls: readonly string[];
}

/** Every reason for which checks were not observed, the widest first. */
export function blindness(rows: readonly EvidenceRow[]): readonly Blindness[] {
  const unseen = rows.filter(({ verdict, seen }) => (seen ?? verdict) === 'not-observed');
  return [...new Set(unseen.map(({ observed }) => observed))]
    .map((reason) => {
      const concerned = unseen.filter(({ observed }) => observed === reason);
      return { reason, checks: concerned.length, controls: [...new Set(concerned.map(({ control }) => control))] };
    })
    .sort((a, b) => b.checks - a.checks);
}

/** How long a waiver holds. */
export const untilText = ({ expires }: WaiverEvidence): string => expires ?? 'as long as the platform forces it';

/** What stands in for a waived control, and which of it does not hold. */
export function standsInText({ compensation, compensatedBy = [], uncompensated = [] }: WaiverEvidence): string {
  const named = [compensation, ...compensatedBy].filter((part) => part !== undefined).join('; ');
  return uncompensated.length > 0 ? `${named} (uncompensated: ${uncompensated.join(', ')})` : named;
}

/** A waiver in one sentence. */
export function waiverText(waiver: WaiverEvidence): string {
  const { reason, owner } = waiver;
  const standsIn = standsInText(waiver);
  const facts = [
    scopeText(waiver) !== 'all' && `limited to ${scopeText(waiver)}`,
    waiver.expires === undefined ? untilText(waiver) : `until ${waiver.expires}`,
    standsIn && `stands in: ${standsIn}`,
  ];
  return `waived by ${owner}: ${reason} (${facts.filter(Boolean).join('; ')})`;
}

/** JSON that every reader takes: halves of surrogate pairs, which are no text, become U+FFFD. */
export function portableJson(value: unknown): string {
  const whole = (_: string, each: unknown) => (typeof each === 'string' ? each.replace(/\p{Cs}/gu, '\ufffd') : each);
  return `${JSON.stringify(value, whole, 2)}\n`;
}
