import { isMap, isNode, isScalar, stringify, type YAMLMap, type YAMLSeq } from 'yaml';

/** A piece of a text with what takes its place. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Applies edits that do not overlap; of several in one place the first comes first. */
export function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .reverse()
    .sort((a, b) => b.from - a.from)
    .reduce((known, edit) => known.slice(0, edit.from) + edit.text + known.slice(edit.to), text);
}

/** End of the line on which a node ends, so that a comment behind it stays with it. */
export function contentEnd(
  text: string,
  { range }: { readonly range?: readonly [number, number, number] | null },
): number {
  const end = (range?.[0] ?? 0) + text.slice(range?.[0] ?? 0, range?.[1]).trimEnd().length;
  const newline = text.indexOf('\n', end);
  return newline < 0 ? text.length : newline;
}

/** How far an offset is from the start of its line. */
export const column = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** A value as block YAML, without the line break at its end. */
export const yaml = (value: unknown): string => stringify(value, { lineWidth: 0 }).trimEnd();

/** Every line moved to the right. */
export const indented = (lines: string, by: number): string => lines.replace(/^/gm, ' '.repeat(by));

/** What adds an entry after the last of a list that is not empty, indented like it. */
export function listAddition(text: string, list: YAMLSeq, entry: string): Edit {
  const last = list.items.at(-1);
  const end = contentEnd(text, isNode(last) ? last : list);
  return { from: end, to: end, text: `\n${indented(entry, column(text, list.range?.[0] ?? 0))}` };
}

/** What gives a field of a mapping a value, in place of a former one or below what is there. */
export function fieldEdit(text: string, map: YAMLMap, [name = '', ...rest]: readonly string[], value: unknown): Edit {
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === name);
  if (rest.length > 0 && isMap(pair?.value) && pair.value.items.length > 0) {
    return fieldEdit(text, pair.value, rest, value);
  }
  const content = rest.reduceRight((inner, field) => ({ [field]: inner }), value);
  if (pair) {
    const { key } = pair;
    const colon = text.indexOf(':', isNode(key) ? key.range?.[1] : 0) + 1;
    const [from, to] = (isNode(pair.value) && pair.value.range) || [colon, colon];
    // Of what is empty only the colon says where it is.
    return from === to ? { from: colon, to: colon, text: ` ${flow(content)}` } : { from, to, text: flow(content) };
  }
  if (!map.flow) {
    const end = contentEnd(text, map);
    return { from: end, to: end, text: `\n${indented(yaml({ [name]: content }), column(text, map.range?.[0] ?? 0))}` };
  }
  const end = (map.range?.[1] ?? 1) - 1;
  const field = `${name}: ${flow(content)}`;
  return { from: end, to: end, text: map.items.length > 0 ? `, ${field}` : field };
}

/** A value on one line. */
const flow = (value: unknown): string => stringify(value, { lineWidth: 0, collectionStyle: 'flow' }).trimEnd();
