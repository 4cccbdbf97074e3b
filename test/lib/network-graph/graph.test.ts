import { DOMParser } from '@xmldom/xmldom';
import type { Fields } from '../../../lib/fields';
import { networkGraph, toMermaid, toSvg } from '../../../lib/network-graph';
import { type Box, layoutOf } from '../../../lib/network-graph/layout';
import { readNetwork } from '../../../lib/network-policy';
import { denyAll, dnsPeer, from, pod, policy, to } from '../network-policy/manifests';

const dns = (namespace: string): Fields =>
  policy(
    'dns',
    {},
    { egress: [{ to: [dnsPeer], ports: [{ port: 53, protocol: 'UDP' }] }], policyTypes: ['Egress'] },
    namespace,
  );

const shop = [
  pod('web', { ports: [{ containerPort: 80 }] }),
  pod('redis'),
  denyAll(),
  dns('shop'),
  policy('out', 'web', to('redis', 6379)),
  policy('in', 'redis', from('web', 6379)),
  policy('edge', 'web', { ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 80 }] }] }),
];

const graphOf = (manifests: readonly Fields[], defaultDeny = false) =>
  networkGraph(readNetwork(manifests, { defaultDeny }));

/** A chain through some namespaces, each with workloads beside it that only ask DNS. */
const many = ['a', 'b', 'c', 'd'].flatMap((namespace, index, all) => {
  const next = all[(index + 1) % all.length];
  const peer = (name: string | undefined) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    podSelector: { matchLabels: { app: 'api' } },
  });
  const before = all[(index + all.length - 1) % all.length];
  return [
    ...['api', 'worker', 'cache', 'report', 'mail'].map((name) => pod(name, { namespace })),
    denyAll(namespace),
    dns(namespace),
    policy('out', 'api', { egress: [{ to: [peer(next)], ports: [{ port: 80 }] }], policyTypes: ['Egress'] }, namespace),
    policy('in', 'api', { ingress: [{ from: [peer(before)], ports: [{ port: 80 }] }] }, namespace),
    policy('out2', 'api', to('cache', 6379), namespace),
    policy('in2', 'cache', from('api', 6379), namespace),
  ];
});

describe('the graph of allowed flows', () => {
  test('has an edge a flow, and one for what a whole namespace may do', () => {
    const { namespaces, edges } = graphOf(shop);
    expect(namespaces).toEqual(['shop']);
    expect(edges).toEqual([
      { from: 'shop/Pod/web', to: 'shop/Pod/redis', label: '6379/TCP', unguarded: false },
      { from: 'namespace/shop', to: 'dns/out', label: '53/UDP', unguarded: false },
      { from: 'world/in', to: 'shop/Pod/web', label: '80/TCP', unguarded: false },
    ]);
  });

  test('shows a workload that nothing closes by one edge either way, and none under a default deny', () => {
    const { edges } = graphOf([pod('web'), pod('redis')]);
    expect(edges.map(({ from: source, to: target, unguarded }) => [source, target, unguarded])).toEqual([
      ['namespace/shop', 'anybody/out', true],
      ['anybody/in', 'namespace/shop', true],
    ]);
    expect(graphOf([pod('web'), pod('redis')], true).edges).toEqual([]);
  });

  test('says once what is for anybody by its policies', () => {
    const out = policy('out', 'web', { egress: [{}], policyTypes: ['Egress'] });
    const into = policy('in', 'redis', { ingress: [{}] });
    const { edges } = graphOf([pod('web'), pod('redis'), denyAll(), out, into]);
    const ends = edges.map(({ from: source, to: target }) => `${source} ${target}`);
    expect(ends).toContain('shop/Pod/web pods/out//');
    expect(ends).toContain('pods/in// shop/Pod/redis');
    expect(ends).not.toContain('shop/Pod/web shop/Pod/redis');
  });

  test('as Mermaid', () => {
    expect(toMermaid(graphOf(shop))).toBe(`flowchart LR
  subgraph ns0["shop"]
    n0["web<br>Pod"]:::workload
    n1["redis<br>Pod"]:::workload
  end
  n2["Cluster DNS"]:::dns
  n3["World"]:::world
  n0 -->|"6379/TCP"| n1
  ns0 -->|"53/UDP"| n2
  n3 -->|"80/TCP"| n0
  classDef workload fill:#fff,stroke:#2563eb
  classDef anybody fill:#fee2e2,stroke:#b91c1c
`);
  });

  test('as SVG: well-formed, the same bytes again, and every name in it escaped', () => {
    const odd = [...shop, pod('a<b&"c', { namespace: 'x' })];
    const svg = toSvg(graphOf(odd));
    expect(toSvg(graphOf(odd))).toBe(svg);
    const texts = new DOMParser().parseFromString(svg, 'image/svg+xml').getElementsByTagName('text');
    const said = Array.from(texts).map(({ textContent }) => textContent);
    expect(said).toEqual(
      expect.arrayContaining(['shop', 'web', 'redis', '6379/TCP', 'all → Cluster DNS 53/UDP', 'a<b&"c']),
    );
  });
});

describe('the layout', () => {
  const overlap = (a: Box, b: Box): boolean =>
    Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
  const within = (a: Box, b: Box): boolean =>
    Math.abs(a.x - b.x) * 2 <= b.width - a.width && Math.abs(a.y - b.y) * 2 <= b.height - a.height;

  test.each([
    ['one namespace', shop],
    ['four namespaces and twenty workloads', many],
  ])('of %s keeps boxes apart, workloads in their namespaces, and all of it in the picture', (_name, manifests) => {
    const { width, height, nodes, namespaces, edges } = layoutOf(graphOf(manifests));
    const boxes = nodes.map(({ box }) => box);
    expect(boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => overlap(a, b)))).toEqual([]);
    const rooms = namespaces.map(({ box }) => box);
    expect(rooms.flatMap((a, index) => rooms.slice(index + 1).filter((b) => overlap(a, b)))).toEqual([]);
    const page = { x: width / 2, y: height / 2, width, height };
    expect([...boxes, ...rooms].filter((box) => !within(box, page))).toEqual([]);
    for (const { node, box } of nodes) {
      for (const { name, box: room } of namespaces) {
        expect({ node: node.id, name, inside: overlap(box, room) }).toEqual({
          node: node.id,
          name,
          inside: node.namespace === name,
        });
      }
    }
    const at = new Map(nodes.map(({ node, box }) => [node.id, box]));
    for (const { edge, points } of edges) {
      const ends = [points[0], points.at(-1)];
      for (const [index, id] of [edge.from, edge.to].entries()) {
        const [box, end] = [at.get(id), ends[index]];
        const off = box && end && { x: Math.abs(end.x - box.x) - box.width / 2, y: Math.abs(end.y - box.y) };
        expect({ id, x: off?.x, inside: (off?.y ?? 99) < (box?.height ?? 0) / 2 }).toEqual({ id, x: 0, inside: true });
      }
    }
    expect(edges.length).toBeGreaterThan(1);
  });
});
