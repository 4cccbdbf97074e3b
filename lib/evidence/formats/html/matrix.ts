import { areaOf, type ControlEvidence, type Evidence, type EvidenceRow, worst } from '../../evidence';
import { seenText, verdictNames } from '../report';
import { html, type Markup } from './markup';
import { badge, shownVerdicts, sign } from './verdicts';

/** Every control on every node, with filters; a control opens to its checks and their proof. */
export function matrix({ controls, rows, areas }: Evidence): Markup {
  const places = [...new Set(rows.map(({ where }) => where))].sort(
    (a, b) => Number(a === 'cluster') - Number(b === 'cluster') || (a < b ? -1 : 1),
  );
  const names = Object.keys(areas);
  const used = shownVerdicts.filter((verdict) => controls.some((control) => control.verdict === verdict));
  const body = names.map((area) => {
    const lines = controls
      .filter(({ id }) => areaOf(id) === area)
      .map((control) =>
        line(
          control,
          rows.filter((row) => row.control === control.id),
          places,
        ),
      );
    return html`<tbody data-area="${area}"><tr class="area"><th scope="rowgroup" colspan="${places.length + 2}">${area}</th></tr>${lines}</tbody>`;
  });
  return html`<section aria-labelledby="matrix"><h2 id="matrix">Controls by node</h2>
<form id="filters" class="filters" role="search" aria-label="Filter the controls" hidden>
<label>Search <input type="search" name="text" autocomplete="off" placeholder="id, title, source, attack"></label>
<label>Area <select name="area"><option value="">all</option>${names.map((area) => html`<option>${area}</option>`)}</select></label>
<fieldset><legend>Verdict</legend>${used.map(
    (verdict) =>
      html`<label><input type="checkbox" name="verdict" value="${verdict}" checked> ${verdictNames[verdict]}</label>`,
  )}</fieldset>
<p id="shown" role="status">${controls.length} of ${controls.length} controls</p>
</form>
<div class="scroll" tabindex="0" role="region" aria-labelledby="matrix"><table class="matrix">
<thead><tr><th scope="col">control</th><th scope="col">verdict</th>${places.map((place) => html`<th scope="col">${place}</th>`)}</tr></thead>
${body}</table></div></section>`;
}

function line(control: ControlEvidence, rows: readonly EvidenceRow[], places: readonly string[]): Markup {
  const { id, title, severity, verdict, sources, stops } = control;
  const words = [id, title, severity, ...sources, ...stops].join(' ').toLowerCase();
  const cells = places.map((place) => {
    const here = rows.filter(({ where }) => where === place);
    return html`<td class="cell">${here.length > 0 && sign(worst(here.map((row) => row.verdict)))}</td>`;
  });
  return html`<tr class="control" id="${id}" data-verdict="${verdict}" data-words="${words}">
<th scope="row"><details><summary><code>${id}</code> <span class="title">${title}</span></summary>
<p class="dim">${severity}; ${sources.join(', ')}${stops.length > 0 && `; stops ${stops.join(', ')}`}</p>
${rows.map(check)}</details></th><td>${badge(verdict)}</td>${cells}</tr>`;
}

function check(row: EvidenceRow): Markup {
  const { where, verdict, expected, strength, at, proof, location } = row;
  return html`<div class="check"><p>${sign(verdict)} <strong>${where}</strong>: ${expected}</p>
<p class="dim">${seenText(row)} (${strength}${at !== undefined && `, ${at}`})</p>
${location && html`<p class="dim">${location.file}:${location.line}</p>`}
${proof && html`<pre>${proof.probe}\n${proof.seen}\nsha256 ${proof.sha256}</pre>`}</div>`;
}
