import { type BenchmarkEvidence, type DemandEvidence, standingOf } from '../../benchmark-evidence';
import { answerText, demandsInWords, servingText, standingText } from '../demands';
import { html, type Markup } from './markup';

/** Each demand of a benchmark with what answers it; controls link to their checks. */
export function benchmarkSection(benchmark: BenchmarkEvidence | undefined): Markup {
  if (!benchmark) return html``;
  const documents = [...new Set(benchmark.demands.map(({ document }) => document))];
  const bodies = documents.map((document) => {
    const rows = benchmark.demands.filter((demand) => demand.document === document).map(row);
    return html`<tbody>${
      document !== undefined && html`<tr class="area"><th scope="rowgroup" colspan="4">${document}</th></tr>`
    }${rows}</tbody>`;
  });
  return html`<section aria-labelledby="benchmark"><h2 id="benchmark">${benchmark.title}</h2>
<p>${benchmark.demands.length} demands: ${demandsInWords(benchmark)}. Titles are our own words; nothing here is a certification.</p>
<div class="scroll"><table><thead><tr><th scope="col">id</th><th scope="col">demand</th><th scope="col">standing</th><th scope="col">answered by</th></tr></thead>
${bodies}</table></div></section>`;
}

function row(demand: DemandEvidence): Markup {
  const { id, title, section, controls, text } = demand;
  const answer =
    text === undefined
      ? controls.map(
          (control) =>
            html`<div>${control.verdict ? html`<a href="#${control.id}">${servingText(control)}</a>` : servingText(control)}</div>`,
        )
      : answerText(demand);
  return html`<tr><th scope="row">${id}</th><td>${title}${section !== undefined && html`<br><span class="dim">${section}</span>`}</td><td><span class="badge ${standingOf(demand)}">${standingText(demand)}</span></td><td>${answer}</td></tr>`;
}
