import { isNode, stringify, type YAMLSeq } from 'yaml';

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
