import { isMap, isNode, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ClusterSpecInput } from './cluster-spec';
import { apply, column, contentEnd, type Edit, indented, listAddition, yaml } from './edit-yaml';

type Entry = ClusterSpecInput['nodes'][number];

/**
 * Puts nodes into the text of a spec: an entry of the same name gets the host key, others are added behind the last.
 * The parsed document tells where; every other byte stays as it is.
 *
 * @param text YAML of a spec, which need not be complete yet
 */
export function pinNodes(text: string, nodes: readonly Entry[]): string {
  return nodes.reduce(pinNode, text);
}

function pinNode(text: string, entry: Entry): string {
  const document = parseDocument(text, { version: '1.2' });
  const root = document.contents;
  const pair = isMap(root) ? root.items.find(({ key }) => isScalar(key) && key.value === 'nodes') : undefined;
  const added = yaml([entry]);
  if (!pair) return `${text.trim() === '' ? '' : text.replace(/\n*$/, '\n')}nodes:\n${indented(added, 2)}\n`;

  const { key, value } = pair;
  const items = isSeq(value) ? (value as YAMLSeq).items : [];
  const same = items.find((item): item is YAMLMap => isMap(item) && item.get('name') === entry.name);
  if (same) return apply(text, [keyOf(text, same, entry.hostKey)]);
  if (isSeq(value) && items.length > 0 && !value.flow) return apply(text, [listAddition(text, value, added)]);

  // Nothing, or a list on one line: written as one that has room.
  const list = `\n${indented(yaml([...items.map((item) => (isNode(item) ? item.toJSON() : item)), entry]), 2)}`;
  const colon = text.indexOf(':', isNode(key) ? key.range?.[1] : 0) + 1;
  return apply(text, [{ from: colon, to: isSeq(value) ? (value.range?.[1] ?? colon) : colon, text: list }]);
}

/** The host key of an entry that is there, in place of the former one or below what is there. */
function keyOf(text: string, item: YAMLMap, hostKey: string): Edit {
  const present = item.get('hostKey', true) as unknown;
  if (isScalar(present) && present.range) {
    const [from, to] = present.range;
    return { from, to, text: text[from - 1] === ':' ? ` ${hostKey}` : hostKey };
  }
  const end = item.flow ? (item.range?.[1] ?? 1) - 1 : contentEnd(text, item);
  const line = `hostKey: ${hostKey}`;
  return {
    from: end,
    to: end,
    text: item.flow ? `, ${line}` : `\n${indented(line, column(text, item.range?.[0] ?? 0))}`,
  };
}
