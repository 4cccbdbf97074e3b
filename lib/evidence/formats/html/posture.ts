import type { Threat } from '../../../controls/control';
import { type Counts, count, type Evidence } from '../../evidence';
import { html, type Markup } from './markup';
import { bar, inWords } from './verdicts';

const threats: Readonly<Record<Threat, string>> = {
  external: 'Somebody from outside takes over a service and goes on from there',
  admin: 'An administrator errs, or loses a credential',
  user: 'A user of the cluster reaches for more than is theirs',
  provider: 'Who runs machines, disks or network reads along',
  'supply-chain': 'An image or a dependency brings code of somebody else',
};

/** How the cluster stands, by area and by threat. */
export function posture({ areas, controls }: Evidence): Markup {
  const byThreat = (Object.keys(threats) as Threat[]).map((threat) => {
    const against = controls.filter((control) => control.threats.includes(threat));
    return [threats[threat], count(against.map(({ verdict }) => verdict))] as const;
  });
  return html`<section aria-labelledby="posture"><h2 id="posture">Posture</h2>
<div class="columns">${table('By area', 'area', Object.entries(areas))}${table('By threat', 'threat', byThreat)}</div></section>`;
}

function table(caption: string, head: string, lines: readonly (readonly [string, Counts])[]): Markup {
  const rows = lines.map(
    ([name, counts]) =>
      html`<tr><th scope="row">${name}</th><td class="bar-cell">${bar(counts)}</td><td>${inWords(counts)}</td></tr>`,
  );
  return html`<table class="posture"><caption>${caption}</caption>
<thead><tr><th scope="col">${head}</th><th scope="col"><span class="hidden">share</span></th><th scope="col">controls</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}
