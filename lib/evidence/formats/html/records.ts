import { scopeText } from '../../../spec/waiver-scope';
import { type Change, changesSince } from '../../changes';
import type { Evidence } from '../../evidence';
import { standsInText, untilText } from '../report';
import { html, Markup } from './markup';
import { badge } from './verdicts';

/** What stands differently than in the run before. */
export function changes(evidence: Evidence, previous: Evidence | undefined): Markup {
  if (!previous) return html``;
  const lines = together(changesSince(previous, evidence));
  const rows = lines.map(
    ({ row, places, before, after }) =>
      html`<tr><th scope="row"><a href="#${row.control}">${row.control}</a></th><td>${places.join(', ')}</td><td>${row.expected}</td><td>${before ? badge(before) : 'new'}</td><td>${after ? badge(after) : 'gone'}</td></tr>`,
  );
  const table = html`<details${new Markup(lines.length <= 15 ? ' open' : '')}><summary>${lines.length} differences</summary>
<div class="scroll"><table><thead><tr><th scope="col">control</th><th scope="col">where</th><th scope="col">expected</th><th scope="col">before</th><th scope="col">now</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
  return html`<section aria-labelledby="changes"><h2 id="changes">What changed since ${previous.at}</h2>${
    lines.length === 0 ? html`<p>Nothing: every row stands as it stood.</p>` : table
  }</section>`;
}

/** The same change on several nodes is one line. */
function together(found: readonly Change[]): readonly (Change & { readonly places: readonly string[] })[] {
  const lines = new Map<string, Change & { places: string[] }>();
  for (const change of found) {
    const { row, before, after } = change;
    const key = JSON.stringify([row.control, row.expected, before, after]);
    const line = lines.get(key);
    if (line) line.places.push(row.where);
    else lines.set(key, { ...change, places: [row.where] });
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
