import type { AttackResult, ControlEvidence, Evidence } from '../../evidence';
import { html, type Markup } from './markup';
import { badge } from './verdicts';

interface Chapter {
  readonly title: string;
  /** What the attacker does, in order. */
  readonly steps: readonly string[];
  /** Ids of the attacks of the catalogue that play it. */
  readonly attacks: readonly string[];
}

/** The three attacks of the term paper of 2018 that the project began with. */
const chapters: readonly Chapter[] = [
  {
    title: 'A token lies in every pod',
    steps: [
      'The attacker runs commands in the frontend of a shop.',
      'The pod has a token that nobody asked for; the attacker copies it.',
      'From outside, the token lists the secrets of the namespace.',
    ],
    attacks: ['S1', 'A01', 'A02'],
  },
  {
    title: 'Every pod reaches every other',
    steps: [
      'Among the secrets is the password of the database.',
      'The frontend has no business with the database, but no rule keeps it away.',
      'It connects, logs in and reads the data of all customers.',
    ],
    attacks: ['S2', 'A04'],
  },
  {
    title: 'A pod becomes the node',
    steps: [
      'Whoever may create pods asks for a privileged one that mounts the root of its node.',
      'No rule refuses it; in kube-system least of all.',
      'The pod reads the keys of the node, and with them the cluster.',
    ],
    attacks: ['S3', 'A06'],
  },
];

/** The three attacks with what refused them; where they were not played, with the controls that answer them. */
export function story({ attacks = [], controls }: Evidence): Markup {
  const played = chapters.filter((chapter) => attacks.some(({ id }) => chapter.attacks.includes(id)));
  return html`<section aria-labelledby="story"><h2 id="story">Three attacks</h2>
<p>${
    played.length > 0
      ? 'What has a result was played against this cluster and, to show that it works, against a stock cluster.'
      : 'They were not played in this run. These are the controls that answer them.'
  }</p>
<ol class="story">${chapters.map((chapter) => chapterOf(chapter, attacks, controls))}</ol></section>`;
}

function chapterOf(chapter: Chapter, attacks: readonly AttackResult[], controls: readonly ControlEvidence[]): Markup {
  const results = attacks.filter(({ id }) => chapter.attacks.includes(id));
  const answers = controls.filter(({ stops }) => stops.some((id) => chapter.attacks.includes(id)));
  return html`<li><h3>${chapter.title}</h3>
<ol class="steps">${chapter.steps.map((step) => html`<li>${step}</li>`)}</ol>
${results.map(resultOf)}
<p class="label">Answered by</p>
<ul class="answers">${answers.map(({ id, title, verdict }) => html`<li>${badge(verdict)} <a href="#${id}">${id}</a> <span class="dim">${title}</span></li>`)}${
    answers.length === 0 && html`<li>No control of this profile names these attacks.</li>`
  }</ul></li>`;
}

/** A refusal proves something only where the attack succeeds on a stock cluster. */
function resultOf({ id, title, hardened, stock, weakness, denial, lifted }: AttackResult): Markup {
  const proven = hardened === 'refused' && stock === 'succeeded' && lifted !== 'void';
  const words = proven ? 'refused; it succeeds on a stock cluster' : `${hardened}; on a stock cluster: ${stock}`;
  return html`<div class="result ${proven ? 'pass' : 'fail'}"><p><strong>${id}</strong> ${title}: ${words}.</p>${
    denial !== undefined && html`<pre>${denial}</pre>`
  }${
    lifted !== undefined &&
    html`<p class="dim">${lifted === 'opens' ? 'Nothing answers. With the policy off, the same connection opens.' : 'Nothing answers, with the policy off neither: the silence proves nothing.'}</p>`
  }${weakness !== undefined && html`<p class="dim">The stock cluster was given this weakness first: ${weakness}.</p>`}</div>`;
}
