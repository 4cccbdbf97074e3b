import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { Waiver } from './cluster-spec';

/** A waiver as it is written into a spec. */
export type NewWaiver = Omit<Waiver, 'platform'> & { readonly platform?: true };

/**
 * Adds a waiver to the text of a spec, or renews the one of the same control and nodes. Comments, order and every other
 * line stay as they are.
 *
 * @param text YAML of a spec without errors
 */
export function addWaiver(text: string, waiver: NewWaiver): string {
  const document = parseDocument(text, { version: '1.2' });
  const fields = Object.fromEntries(Object.entries(waiver).filter(([, value]) => value !== undefined));
  const present = document.get('waivers');
  if (!isSeq(present)) document.set('waivers', document.createNode([fields]));
  else {
    const same = present.items.find((item): item is YAMLMap => isMap(item) && covers(item, waiver));
    if (same) for (const [name, value] of Object.entries(fields)) same.set(name, value);
    else {
      present.flow = false;
      present.add(document.createNode(fields));
    }
  }
  return document.toString({
    lineWidth: 0,
    // Whether `- ` is indented below its key, as the file has it.
    indentSeq: !/^[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*- /m.test(text),
    flowCollectionPadding: !/[{[][^\s{}[\]]/.test(text),
  });
}

function covers(item: YAMLMap, { control, nodes }: NewWaiver): boolean {
  const { control: id, nodes: names } = item.toJSON() as Partial<Waiver>;
  return id === control && JSON.stringify(names) === JSON.stringify(nodes);
}
