import { isMap, isNode, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ClusterSpecInput } from './cluster-spec';
import { apply, fieldEdit, indented, listAddition, yaml } from './edit-yaml';

type Entry = ClusterSpecInput['nodes'][number];

/**
 * Puts nodes into the text of a spec: an entry of the same name gets the host key, and the jump host if there is one;
 * others are added behind the last. The parsed document tells where; every other byte stays as it is.
 *
 * @param text YAML of a spec, which need not be complete yet
 */
export function pinNodes(text: string, nodes: readonly Entry[]): string {
  return nodes.reduce(pinNode, text);
}

/** Puts a host key into the text of a spec that has no node of its own, such as that of the cluster's jump host. */
export function pinKey(text: string, path: readonly string[], hostKey: string): string {
  const { contents } = parseDocument(text, { version: '1.2' });
  return isMap(contents) ? apply(text, [fieldEdit(text, contents, path, hostKey)]) : text;
}

function pinNode(text: string, entry: Entry): string {
  const { contents: root } = parseDocument(text, { version: '1.2' });
  const pair = isMap(root) ? root.items.find(({ key }) => isScalar(key) && key.value === 'nodes') : undefined;
  const added = yaml([entry]);
  if (!pair) return `${text.trim() === '' ? '' : text.replace(/\n*$/, '\n')}nodes:\n${indented(added, 2)}\n`;

  const { key, value } = pair;
  const items = isSeq(value) ? (value as YAMLSeq).items : [];
  const index = items.findIndex((item) => isMap(item) && item.get('name') === entry.name);
  if (index >= 0) return pinEntry(text, items[index] as YAMLMap, ['nodes', index], entry);
  if (isSeq(value) && items.length > 0 && !value.flow) return apply(text, [listAddition(text, value, added)]);

  // Nothing, or a list on one line: written as one that has room.
  const list = `\n${indented(yaml([...items.map((item) => (isNode(item) ? item.toJSON() : item)), entry]), 2)}`;
  const colon = text.indexOf(':', isNode(key) ? key.range?.[1] : 0) + 1;
  return apply(text, [{ from: colon, to: isSeq(value) ? (value.range?.[1] ?? colon) : colon, text: list }]);
}

function pinEntry(text: string, item: YAMLMap, path: readonly (string | number)[], { hostKey, ssh }: Entry): string {
  const pinned = apply(text, [fieldEdit(text, item, ['hostKey'], hostKey)]);
  if (!ssh?.jump) return pinned;
  const again = parseDocument(pinned, { version: '1.2' }).getIn(path) as YAMLMap;
  const known = isMap(again.getIn(['ssh', 'jump']));
  return apply(pinned, [
    known
      ? fieldEdit(pinned, again, ['ssh', 'jump', 'hostKey'], ssh.jump.hostKey)
      : fieldEdit(pinned, again, ['ssh', 'jump'], ssh.jump),
  ]);
}
