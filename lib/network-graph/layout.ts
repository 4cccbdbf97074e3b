import { layout as arrange, Graph } from '@dagrejs/dagre';
import { type GraphEdge, type GraphNode, type NetworkGraph, namespaceId } from './graph';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its centre, in pixels. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
  /** Where its label stands, centred. */
  readonly label: Point;
}

/** A namespace with what all of its workloads share. */
export interface PlacedNamespace {
  readonly name: string;
  readonly notes: readonly string[];
  readonly box: Box;
}

/** Where everything in a picture stands, in pixels from its upper left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly namespaces: readonly PlacedNamespace[];
  readonly nodes: readonly { readonly node: GraphNode; readonly box: Box }[];
  readonly edges: readonly PlacedEdge[];
}

/** Width of a text of one line, roughly. */
export const widthOf = (text: string, fontSize: number): number => text.length * fontSize * 0.6;

export const fontSizes = { label: 13, detail: 11, edge: 11, namespace: 12 } as const;

export const lineHeight = 15;

const padding = 12;

/** Arranges the graph from left to right: who connects stands left of whom it connects to. */
export function layoutOf({ namespaces, nodes, edges }: NetworkGraph): Layout {
  const ids = new Set(nodes.map(({ id }) => id));
  const drawn = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const notes = new Map(namespaces.map((name) => [name, notesOf(name, nodes, edges)]));
  const titleHeight = (name: string): number => lineHeight * (1 + (notes.get(name)?.length ?? 0));
  const seen = nodes.filter(
    ({ id, namespace }) => namespace !== undefined || drawn.some(({ from, to }) => from === id || to === id),
  );

  const graph = new Graph({ compound: true, multigraph: true });
  // Titles stand above the boxes that the namespaces get, in the space between.
  const tallest = Math.max(0, ...namespaces.map(titleHeight));
  graph.setGraph({ rankdir: 'LR', nodesep: 12 + tallest, ranksep: 70, marginx: 24, marginy: 24 });
  for (const name of namespaces) graph.setNode(namespaceId(name), {});
  for (const node of seen) {
    graph.setNode(node.id, sizeOf(node));
    if (node.namespace !== undefined) graph.setParent(node.id, namespaceId(node.namespace));
  }
  for (const [index, { from, to, label }] of drawn.entries()) {
    const size = { width: widthOf(label, fontSizes.edge), height: fontSizes.edge + 4, labelpos: 'c' };
    graph.setEdge(from, to, size, String(index));
  }
  arrange(graph);

  const boxOf = (id: string): Box => {
    const { x, y, width, height } = graph.node(id) as unknown as Box;
    return { x, y: y + tallest, width, height };
  };
  const { width = 0, height = 0 } = graph.graph();
  const placed = namespaces.map((name): PlacedNamespace => {
    const lines = notes.get(name) ?? [];
    const members = seen.filter(({ namespace }) => namespace === name).map(({ id }) => boxOf(id));
    const texts = [widthOf(name, fontSizes.namespace), ...lines.map((line) => widthOf(line, fontSizes.edge))];
    return { name, notes: lines, box: around(members, titleHeight(name), Math.max(...texts)) };
  });
  return {
    width: Math.max(width, ...placed.map(({ box }) => box.x + box.width / 2 + 2 * padding)),
    height: height + tallest,
    namespaces: placed,
    nodes: seen.map((node) => ({ node, box: boxOf(node.id) })),
    edges: anchored(
      drawn.map((edge, index) => {
        const { x, y, points } = graph.edge(edge.from, edge.to, String(index)) as unknown as PlacedByDagre;
        const inner = points.slice(1, -1).map((point) => ({ x: point.x, y: point.y + tallest }));
        return { edge, points: inner, label: { x, y: y + tallest } };
      }),
      boxOf,
    ),
  };
}

interface PlacedByDagre extends Point {
  readonly points: readonly Point[];
}

/** What every workload of a namespace may do: `→ Cluster DNS 53/TCP+UDP`. */
function notesOf(name: string, nodes: readonly GraphNode[], edges: readonly GraphEdge[]): readonly string[] {
  const id = namespaceId(name);
  const labelOf = (other: string): string => {
    const node = nodes.find((each) => each.id === other);
    return [node?.label, node?.kind === 'pods' && node.detail !== 'all' && node.detail].filter(Boolean).join(' ');
  };
  return edges.flatMap(({ from, to, label, unguarded }) => {
    const why = unguarded ? ', no policy' : '';
    if (from === id) return [`all → ${labelOf(to)} ${label}${why}`];
    return to === id ? [`all ← ${labelOf(from)} ${label}${why}`] : [];
  });
}

/** The box around others, with room for a title. */
function around(boxes: readonly Box[], titleHeight: number, titleWidth: number): Box {
  const left = Math.min(...boxes.map(({ x, width }) => x - width / 2)) - padding;
  const right = Math.max(...boxes.map(({ x, width }) => x + width / 2)) + padding;
  const top = Math.min(...boxes.map(({ y, height }) => y - height / 2)) - padding - titleHeight;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height / 2)) + padding;
  const width = Math.max(right - left, titleWidth + 2 * padding);
  return { x: left + width / 2, y: (top + bottom) / 2, width, height: bottom - top };
}

/** Lets edges begin and end at the sides of boxes, those of one side below each other in the order of where they lead. */
function anchored(edges: readonly PlacedEdge[], boxOf: (id: string) => Box): readonly PlacedEdge[] {
  const sides = new Map<string, { readonly edge: GraphEdge; readonly end: 'from' | 'to'; readonly y: number }[]>();
  const sideOf = ({ edge, points }: PlacedEdge, end: 'from' | 'to') => {
    const box = boxOf(edge[end]);
    const next = (end === 'from' ? points[0] : points.at(-1)) ?? boxOf(edge[end === 'from' ? 'to' : 'from']);
    return { box, next, direction: Math.sign(next.x - box.x), key: `${Math.sign(next.x - box.x)} ${edge[end]}` };
  };
  for (const placed of edges) {
    for (const end of ['from', 'to'] as const) {
      const { key, next } = sideOf(placed, end);
      sides.set(key, [...(sides.get(key) ?? []), { edge: placed.edge, end, y: next.y }]);
    }
  }
  for (const ends of sides.values()) ends.sort((a, b) => a.y - b.y);
  const pointAt = (placed: PlacedEdge, end: 'from' | 'to'): Point => {
    const { box, direction, key } = sideOf(placed, end);
    const ends = sides.get(key) ?? [];
    const index = ends.findIndex((each) => each.edge === placed.edge && each.end === end);
    const step = Math.min(lineHeight, (box.height - padding) / Math.max(1, ends.length - 1));
    return { x: box.x + (direction * box.width) / 2, y: box.y + (index - (ends.length - 1) / 2) * step };
  };
  return edges.map((placed) => ({
    ...placed,
    points: [pointAt(placed, 'from'), ...placed.points, pointAt(placed, 'to')],
  }));
}

function sizeOf({ label, detail = '' }: GraphNode): { readonly width: number; readonly height: number } {
  const width = Math.max(widthOf(label, fontSizes.label), widthOf(detail, fontSizes.detail)) + 2 * padding;
  return { width: Math.max(width, 80), height: detail ? 44 : 32 };
}
