import type { NetworkGraph, NodeKind } from './graph';
import {
  type Box,
  fontSizes,
  layoutOf,
  lineHeight,
  type PlacedEdge,
  type PlacedNamespace,
  type Point,
  widthOf,
} from './layout';

const ink = '#1f2937';
const muted = '#6b7280';
const alarm = '#b91c1c';

const colours: Readonly<Record<NodeKind, { readonly fill: string; readonly stroke: string }>> = {
  workload: { fill: '#ffffff', stroke: '#2563eb' },
  pods: { fill: '#f3f4f6', stroke: muted },
  addresses: { fill: '#fff7ed', stroke: '#c2410c' },
  name: { fill: '#fff7ed', stroke: '#c2410c' },
  world: { fill: '#fff7ed', stroke: '#c2410c' },
  dns: { fill: '#ecfdf5', stroke: '#047857' },
  'api-server': { fill: '#f5f3ff', stroke: '#6d28d9' },
  nodes: { fill: '#f5f3ff', stroke: '#6d28d9' },
  metadata: { fill: '#fee2e2', stroke: alarm },
  anybody: { fill: '#fee2e2', stroke: alarm },
};

/** The graph as an SVG picture that needs nothing beside itself. The same graph gives the same bytes. */
export function toSvg(graph: NetworkGraph): string {
  const { width, height, namespaces, nodes, edges } = layoutOf(graph);
  const size = `${Math.ceil(width)} ${Math.ceil(height)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${size}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" font-family="ui-sans-serif, system-ui, 'DejaVu Sans', Arial, sans-serif">`,
    '<title>Allowed network flows</title>',
    `<defs>${arrow('arrow', ink)}${arrow('alarm', alarm)}</defs>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...namespaces.map(namespaceOf),
    ...edges.map(lineOf),
    ...nodes.map(({ node, box }) => nodeOf(node.label, node.detail, colours[node.kind], box)),
    ...edges.map(labelOf),
    '</svg>',
    '',
  ].join('\n');
}

function arrow(id: string, colour: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`;
}

function namespaceOf({ name, notes, box }: PlacedNamespace): string {
  const { left, top } = corner(box);
  const at = (line: number): Point => ({ x: left + 10, y: top + lineHeight * (line + 1) });
  return [
    rectangle(box, 'fill="#eff6ff" stroke="#93c5fd" stroke-dasharray="4 3"', 8),
    text(at(0), name, `font-size="${fontSizes.namespace}" font-weight="600" fill="#1d4ed8"`),
    ...notes.map((note, index) => text(at(index + 1), note, `font-size="${fontSizes.edge}" fill="${ink}"`)),
  ].join('');
}

function nodeOf(
  label: string,
  detail: string | undefined,
  { fill, stroke }: { readonly fill: string; readonly stroke: string },
  box: Box,
): string {
  const centred = 'text-anchor="middle"';
  const shift = detail ? -3 : 4;
  return [
    rectangle(box, `fill="${fill}" stroke="${stroke}"`, 5),
    text({ x: box.x, y: box.y + shift }, label, `font-size="${fontSizes.label}" fill="${ink}" ${centred}`),
    ...(detail
      ? [text({ x: box.x, y: box.y + 13 }, detail, `font-size="${fontSizes.detail}" fill="${muted}" ${centred}`)]
      : []),
  ].join('');
}

function lineOf({ edge, points }: PlacedEdge): string {
  const style = edge.unguarded
    ? `stroke="${alarm}" stroke-dasharray="5 3" marker-end="url(#alarm)"`
    : `stroke="${ink}" marker-end="url(#arrow)"`;
  return `<path d="${curve(points)}" fill="none" stroke-width="1.2" ${style}/>`;
}

function labelOf({ edge, label }: PlacedEdge): string {
  const box = { ...label, width: widthOf(edge.label, fontSizes.edge) + 4, height: fontSizes.edge + 3 };
  const colour = edge.unguarded ? alarm : ink;
  return [
    rectangle(box, 'fill="#ffffff" fill-opacity="0.85"', 2),
    text(
      { x: label.x, y: label.y + 4 },
      edge.label,
      `font-size="${fontSizes.edge}" fill="${colour}" text-anchor="middle"`,
    ),
  ].join('');
}

/** Through every point, level at each. */
function curve([first, ...others]: readonly Point[]): string {
  if (!first) return '';
  const parts = others.map((point, index) => {
    const before = others[index - 1] ?? first;
    const middle = (before.x + point.x) / 2;
    return `C${pair({ x: middle, y: before.y })} ${pair({ x: middle, y: point.y })} ${pair(point)}`;
  });
  return `M${pair(first)}${parts.join('')}`;
}

function corner({ x, y, width, height }: Box): { readonly left: number; readonly top: number } {
  return { left: x - width / 2, top: y - height / 2 };
}

function rectangle(box: Box, attributes: string, radius: number): string {
  const { left, top } = corner(box);
  return `<rect x="${round(left)}" y="${round(top)}" width="${round(box.width)}" height="${round(box.height)}" rx="${radius}" ${attributes}/>`;
}

function text({ x, y }: Point, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

const pair = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
