import type { Severity } from '../../../controls/control';
import { scopeText } from '../../../spec/waiver-scope';
import { changesSince } from '../../changes';
import { type Evidence, isUnproven } from '../../evidence';
import { seenText, standsInText, untilText } from '../report';
import { html, Markup } from './markup';
import { badge } from './verdicts';

const mostSevere: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** What does not hold, or nobody saw: the most severe first, the same on several nodes in one line. */
export function needsWork({ controls, rows }: Evidence): Markup {
  const wrong = rows.filter(isUnproven);
  if (wrong.length === 0) return html``;
  const lines = mostSevere.flatMap((severity) => {
    const ids = new Set(controls.filter((control) => control.severity === severity).map(({ id }) => id));
    return byPlaces(
      wrong.filter(({ control }) => ids.has(control)),
      ({ control, expected, observed }) => [control, expected, observed],
    ).map(
      ({ first: row, places }) =>
        html`<tr><th scope="row">${badge(row.verdict)} <a href="#${row.control}">${row.control}</a></th><td>${severity}</td><td>${places.join(', ')}</td><td>${row.expected}</td><td>${seenText(row)}</td></tr>`,
    );
  });
  return html`<section aria-labelledby="work"><h2 id="work">What needs work</h2>
<div class="scroll"><table><thead><tr><th scope="col">control</th><th scope="col">severity</th><th scope="col">where</th><th scope="col">expected</th><th scope="col">observed</th></tr></thead><tbody>${lines}</tbody></table></div></section>`;
}

/** What stands differently than in the run before. */
export function changes(evidence: Evidence, previous: Evidence | undefined): Markup {
  if (!previous) return html``;
  const lines = byPlaces(
    changesSince(previous, evidence).map((change) => ({ ...change, where: change.row.where })),
    ({ row, before, after }) => [row.control, row.expected, before, after],
  );
  const rows = lines.map(
    ({ first: { row, before, after }, places }) =>
      html`<tr><th scope="row"><a href="#${row.control}">${row.control}</a></th><td>${places.join(', ')}</td><td>${row.expected}</td><td>${before ? badge(before) : 'new'}</td><td>${after ? badge(after) : 'gone'}</td></tr>`,
  );
  const table = html`<details${new Markup(lines.length <= 15 ? ' open' : '')}><summary>${lines.length} differences</summary>
<div class="scroll"><table><thead><tr><th scope="col">control</th><th scope="col">where</th><th scope="col">expected</th><th scope="col">before</th><th scope="col">now</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
  return html`<section aria-labelledby="changes"><h2 id="changes">What changed since ${previous.at}</h2>${
    lines.length === 0 ? html`<p>Nothing: every row stands as it stood.</p>` : table
  }</section>`;
}

/** What is the same on several nodes is one line. */
function byPlaces<T extends { readonly where: string }>(
  found: readonly T[],
  identity: (one: T) => readonly unknown[],
): readonly { readonly first: T; readonly places: readonly string[] }[] {
  const lines = new Map<string, { first: T; places: string[] }>();
  for (const one of found) {
    const key = JSON.stringify(identity(one));
    const line = lines.get(key);
    if (line) line.places.push(one.where);
    else lines.set(key, { first: one, places: [one.where] });
  }
  return [...lines.values()];
}

/** What is given up knowingly, by whom and until when. */
export function waivers({ controls }: Evidence): Markup {
  const rows = controls.flatMap(({ id, waivers: given }) =>
    given.map((waiver) => {
      const standsIn = standsInText(waiver);
      return html`<tr><th scope="row"><a href="#${id}">${id}</a></th><td>${scopeText(waiver)}</td><td>${waiver.reason}${
        standsIn !== '' && html`<br><span class="dim">Stands in: ${standsIn}</span>`
      }</td><td>${waiver.owner}</td><td>${untilText(waiver)}</td></tr>`;
    }),
  );
  return html`<section aria-labelledby="waivers"><h2 id="waivers">Waivers</h2>${
    rows.length === 0
      ? html`<p>None.</p>`
      : html`<div class="scroll"><table><thead><tr><th scope="col">control</th><th scope="col">where</th><th scope="col">reason</th><th scope="col">owner</th><th scope="col">until</th></tr></thead><tbody>${rows}</tbody></table></div>`
  }</section>`;
}
