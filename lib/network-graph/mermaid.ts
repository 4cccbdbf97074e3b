import type { GraphNode, NetworkGraph } from './graph';
import { namespaceId } from './graph';

/** The graph as a Mermaid flowchart, which code hosts draw inside of Markdown. */
export function toMermaid({ namespaces, nodes, edges }: NetworkGraph): string {
  const ids = new Map<string, string>();
  for (const [index, name] of namespaces.entries()) ids.set(namespaceId(name), `ns${index}`);
  for (const [index, { id }] of nodes.entries()) ids.set(id, `n${index}`);
  const idOf = (id: string): string => ids.get(id) ?? id;
  const line = ({ id, kind, label, detail }: GraphNode): string =>
    `${idOf(id)}[${quoted([label, detail].filter(Boolean).join('<br>'), true)}]:::${kind}`;
  return [
    'flowchart LR',
    ...namespaces.flatMap((name) => [
      `  subgraph ${idOf(namespaceId(name))}[${quoted(name)}]`,
      ...nodes.filter(({ namespace }) => namespace === name).map((node) => `    ${line(node)}`),
      '  end',
    ]),
    ...nodes.filter(({ namespace }) => namespace === undefined).map((node) => `  ${line(node)}`),
    ...edges.map(({ from, to, label, unguarded }) => {
      const arrow = unguarded ? '-.->' : '-->';
      return `  ${idOf(from)} ${arrow}|${quoted(label)}| ${idOf(to)}`;
    }),
    '  classDef workload fill:#fff,stroke:#2563eb',
    '  classDef anybody fill:#fee2e2,stroke:#b91c1c',
    '',
  ].join('\n');
}

function quoted(text: string, keepBreaks = false): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `"${keepBreaks ? safe.replaceAll('&lt;br&gt;', '<br>') : safe}"`;
}
