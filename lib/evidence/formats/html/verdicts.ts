import type { Counts, Verdict } from '../../evidence';
import { verdictNames } from '../report';
import { html, type Markup } from './markup';

/** Best first, as bars show them. */
export const shownVerdicts: readonly Verdict[] = ['pass', 'waived', 'not-applicable', 'not-observed', 'fail', 'error'];

const signs: Readonly<Record<Verdict, string>> = {
  pass: '✓',
  fail: '✕',
  waived: '~',
  'not-applicable': '–',
  'not-observed': '?',
  error: '!',
};

/** A verdict as a sign with its name, so that colour is never all that tells. */
export const sign = (verdict: Verdict): Markup =>
  html`<span class="sign ${verdict}" title="${verdictNames[verdict]}"><span aria-hidden="true">${signs[verdict]}</span><span class="hidden">${verdictNames[verdict]}</span></span>`;

export const badge = (verdict: Verdict): Markup => html`<span class="badge ${verdict}">${verdictNames[verdict]}</span>`;

/** `100 pass, 7 waived` */
export const inWords = (counts: Counts): string =>
  shownVerdicts
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdictNames[verdict]}`)
    .join(', ') || 'nothing';

/** Counts as one bar. */
export function bar(counts: Counts): Markup {
  const sum = shownVerdicts.reduce((known, verdict) => known + counts[verdict], 0);
  let start = 0;
  const parts = shownVerdicts.map((verdict) => {
    const width = sum === 0 ? 0 : (100 * counts[verdict]) / sum;
    const part = html`<rect class="${verdict}" x="${start.toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"/>`;
    start += width;
    return width > 0 && part;
  });
  return html`<svg class="bar" role="img" aria-label="${inWords(counts)}">${parts}</svg>`;
}
