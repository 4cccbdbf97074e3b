import { createHash } from 'node:crypto';
import { isUnproven } from '../../evidence';
import type { Report } from '../report';
import { benchmarkSection } from './benchmark';
import { html, Markup } from './markup';
import { matrix } from './matrix';
import { posture } from './posture';
import { changes, needsWork, waivers } from './records';
import { script } from './script';
import { story } from './story';
import { style } from './style';
import { bar, inWords } from './verdicts';

const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** One self-contained page. Its policy lets it load nothing, and run only the script and style that it came with. */
export function htmlPage({ evidence, previous, benchmark, version }: Report): string {
  const { cluster, kubernetesVersion, profile, at, controls, rows, total, warnings, bundleSha256 } = evidence;
  const wrong = rows.filter(isUnproven).length;
  const policy = `default-src 'none'; style-src ${digest(style)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`;
  const verdict =
    wrong === 0
      ? total.waived > 0
        ? 'Every control holds or is given up knowingly.'
        : 'Every control holds.'
      : `${wrong} of ${rows.length} checks need work.`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence: ${cluster}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#matrix">To the controls</a>
<header>
<h1>${cluster}</h1>
<p class="dim">Kubernetes ${kubernetesVersion}, profile ${profile}, seen <time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time></p>
<p class="verdict ${wrong === 0 ? 'pass' : 'fail'}">${verdict}</p>
${bar(total)}
<p>${controls.length} controls by ${rows.length} checks: ${inWords(total)}.</p>
</header>
<main>
${
  warnings.length > 0 &&
  html`<section aria-labelledby="warnings"><h2 id="warnings">Warnings</h2><ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></section>`
}
${needsWork(evidence)}
${posture(evidence)}
${changes(evidence, previous)}
${story(evidence)}
${benchmarkSection(benchmark)}
${matrix(evidence)}
${waivers(evidence)}
</main>
<footer><p>Written by bulwark ${version}.${bundleSha256 !== undefined && ` Bundle sha256 ${bundleSha256}.`} What was not observed is never a pass.</p></footer>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}
