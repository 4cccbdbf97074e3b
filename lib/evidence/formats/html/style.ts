/** Light and dark follow the reader's system; contrast is at least 4.5 to 1 in both. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfaf7; --card: #ffffff; --text: #1c2024; --dim: #5b6269; --line: #dfdcd4; --accent: #1f5fa8;
  --pass: #1a7048; --waived: #8a5a00; --fail: #b3261e; --quiet: #5b6269; --unseen: #6b4ba3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2024; --text: #e8e6e1; --dim: #a4abb3; --line: #343a40; --accent: #8ab8f0;
    --pass: #5cc795; --waived: #e0ad4f; --fail: #ff8a80; --quiet: #a4abb3; --unseen: #bda4ec;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
header { padding-top: 3rem; padding-bottom: 0; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: 0 0 .4rem; letter-spacing: -.02em; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .8rem; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; }
p { margin: .3rem 0; }
a { color: var(--accent); }
code, pre { font: .86em/1.45 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0; padding: .5rem .7rem; border-left: 3px solid var(--line); color: var(--dim); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.dim, footer { color: var(--dim); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; }
.verdict { font-size: 1.25rem; margin-top: 1rem; }
.verdict.pass { color: var(--pass); }
.verdict.fail { color: var(--fail); }
.bar { display: block; width: 100%; height: .7rem; border-radius: .35rem; overflow: hidden; background: var(--line); }
header .bar { height: 1.1rem; border-radius: .55rem; margin: 1rem 0 .4rem; }
rect.pass { fill: var(--pass); } rect.waived { fill: var(--waived); } rect.not-applicable { fill: var(--quiet); }
rect.not-observed { fill: var(--unseen); } rect.fail, rect.error { fill: var(--fail); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 1.5rem; align-items: start; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { overflow-wrap: break-word; padding: .45rem .7rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; color: var(--dim); font-size: .86rem; }
.posture td { font-size: .9rem; color: var(--dim); } .bar-cell { width: 34%; min-width: 7rem; padding-top: .85rem; }
.badge { display: inline-block; padding: 0 .55em; border: 1px solid; border-radius: 1em; font-size: .82rem; white-space: nowrap; }
.sign { display: inline-block; min-width: 1.2em; text-align: center; font-weight: 700; }
.badge.pass, .sign.pass { color: var(--pass); } .badge.waived, .sign.waived { color: var(--waived); }
.badge.fail, .sign.fail, .badge.error, .sign.error { color: var(--fail); }
.badge.not-observed, .sign.not-observed { color: var(--unseen); }
.badge.not-applicable, .badge.deviating, .badge.open, .badge.off, .sign.not-applicable { color: var(--quiet); }
.story { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.5rem; padding: 0; margin: 0; list-style: none; counter-reset: chapter; }
.story > li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.2rem; counter-increment: chapter; }
.story h3::before { content: counter(chapter) ". "; color: var(--dim); }
.steps { padding-left: 1.3rem; margin: .5rem 0; }
.result { border-left: 4px solid; padding: .2rem .8rem; margin: .8rem 0; }
.result.pass { border-color: var(--pass); } .result.fail { border-color: var(--fail); }
.result pre { border: 0; padding: 0; }
.label { font-weight: 600; margin-top: .9rem; font-size: .9rem; }
.answers { list-style: none; padding: 0; margin: 0; font-size: .92rem; } .answers li { margin: .35rem 0; }
.filters { display: flex; flex-wrap: wrap; gap: .8rem 1.4rem; align-items: end; margin: .5rem 0 1rem; }
.filters[hidden] { display: none; }
.filters input[type=search], .filters select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--dim); border-radius: .3rem; padding: .3rem .5rem; }
.filters fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; } .filters legend { float: left; margin-right: .8rem; color: var(--dim); }
.scroll { overflow-x: auto; }
.scroll td { min-width: 5rem; } .scroll td:not(.cell) { overflow-wrap: anywhere; }
.matrix .cell { text-align: center; } .matrix thead th:nth-child(n+3) { text-align: center; white-space: nowrap; }
.area th { font-weight: 600; background: var(--page); }
summary { cursor: pointer; } .title { color: var(--dim); }
.check { margin: .6rem 0 .6rem 1rem; max-width: 52rem; }
tr.control:target { background: color-mix(in srgb, var(--accent) 12%, transparent); }
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --dim: #444; --line: #bbb; --pass: #1a7048; --waived: #8a5a00; --fail: #b3261e; --quiet: #444; --unseen: #6b4ba3; --accent: #000; }
  body { font-size: 10pt; } .filters, .skip { display: none; } .scroll { overflow: visible; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  tr, .story > li { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
