import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isSeq,
  type LineCounter,
  parseAllDocuments,
  Scalar,
  type ScalarTag,
  type Tags,
} from 'yaml';

/**
 * Reads YAML as kubectl and Helm do, by go-yaml 2 and so YAML 1.1: `yes` and `on` are true, `010` is 8, `<<` merges. Read
 * otherwise, what a cluster runs would not be what was judged.
 *
 * @throws RangeError where the nesting is too deep for any program
 */
export function parseAsKubectl(text: string, lineCounter: LineCounter): readonly Document[] {
  return [...parseAllDocuments(text, { lineCounter, uniqueKeys: false, schema: 'yaml-1.1', customTags })];
}

/** What go-yaml does not know, or reads as text. */
const unknown = /:(omap|pairs|set|binary|timestamp|merge)$/;

function customTags(tags: Tags): Tags {
  const known = tags.filter((tag) => typeof tag !== 'string' && tag.format !== 'TIME' && !unknown.test(tag.tag));
  return [...known, 'intOct', binaryText, overridingMerge];
}

const binaryText: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve: (text) => Buffer.from(text, 'base64').toString(),
};

type MergeContext = Parameters<Alias['resolve']>[1] & { readonly doc: Document };

/** To go-yaml 2 the last one counts, also where that is merged; of several sources the first. */
const overridingMerge = {
  tag: 'tag:yaml.org,2002:merge',
  default: 'key',
  test: /^<<$/,
  resolve: () => {
    const known = new Map<unknown, object>();
    const contentOf = (source: unknown, context: MergeContext): object => {
      const node = isAlias(source) ? source.resolve(context.doc, context) : source;
      if (!isMap(node)) throw new Error('only maps can be merged');
      const content = known.get(node) ?? (node.toJS(context.doc) as object);
      known.set(node, content);
      return content;
    };
    return Object.assign(new Scalar('<<'), {
      addToJSMap: (context: MergeContext, target: object, value: unknown) => {
        const node = isAlias(value) ? value.resolve(context.doc, context) : value;
        const sources = isSeq(node) ? [...node.items].reverse() : [node];
        for (const source of sources) Object.assign(target, contentOf(source, context));
      },
    });
  },
} as unknown as ScalarTag;
