import { isMap, isNode, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { apply, column, contentEnd, type Edit, indented, listAddition, yaml } from './edit-yaml';
import type { Waiver } from './waiver';
import { objectText } from './waiver-scope';

/** A waiver as it is written into a spec. */
export type NewWaiver = Omit<Waiver, 'platform'> & { readonly platform?: true };

/**
 * Adds a waiver to the text of a spec, or renews the one of the same control and scope. The parsed document tells
 * where; every other byte stays as it is.
 *
 * @param text YAML of a spec without errors
 */
export function addWaiver(text: string, waiver: NewWaiver): string {
  const document = parseDocument(text, { version: '1.2' });
  const fields = Object.entries(waiver).filter(([, value]) => value !== undefined);
  const entry = yaml([Object.fromEntries(fields)]);
  const root = document.contents;
  const pair = isMap(root) ? root.items.find(({ key }) => isScalar(key) && key.value === 'waivers') : undefined;
  if (!pair) return `${text.replace(/\n*$/, '\n')}waivers:\n${indented(entry, 2)}\n`;

  const { key, value } = pair;
  const same = isSeq(value)
    ? (value as YAMLSeq).items.find((item): item is YAMLMap => isMap(item) && covers(item, waiver))
    : undefined;
  if (same && !same.flow) return apply(text, renewal(text, same, fields));
  if (isSeq(value) && value.items.length > 0 && !value.flow) return apply(text, [listAddition(text, value, entry)]);

  // Nothing, or a list on one line: written as one that has room.
  const rest = isSeq(value)
    ? value.items.filter((item) => item !== same).map((item) => (isNode(item) ? item.toJSON() : item))
    : [];
  const list = `\n${indented(yaml([...rest, Object.fromEntries(fields)]), 2)}`;
  const colon = text.indexOf(':', isNode(key) ? key.range?.[1] : 0) + 1;
  return apply(text, [{ from: colon, to: isSeq(value) ? (value.range?.[1] ?? colon) : colon, text: list }]);
}

/** The values that differ, each in its place; what is not there yet below the others. */
function renewal(text: string, item: YAMLMap, fields: readonly (readonly [string, unknown])[]): readonly Edit[] {
  const end = contentEnd(text, item);
  return fields.flatMap(([name, value]): Edit[] => {
    const present = item.get(name, true) as unknown;
    const line = yaml(value);
    if (!isNode(present)) {
      const added = indented(yaml({ [name]: value }), column(text, item.range?.[0] ?? 0));
      return [{ from: end, to: end, text: `\n${added}` }];
    }
    if (JSON.stringify(present.toJSON()) === JSON.stringify(value) || !present.range) return [];
    const [from, to] = present.range;
    return [{ from, to, text: text[to - 1] === '\n' ? `${line}\n` : line }];
  });
}

const covers = (item: YAMLMap, waiver: NewWaiver): boolean => identity(item.toJSON()) === identity(waiver);

/** What makes a waiver the same one: its control and how far it reaches. */
const identity = ({ control, nodes, namespaces, objects = [] }: Partial<NewWaiver>): string =>
  JSON.stringify([control, nodes, namespaces, objects.map(objectText)]);
