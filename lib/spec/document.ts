import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Issue } from '../errors';

/** Keys and indexes from the root of the document. */
export type PropertyPath = readonly (string | number)[];

/** A YAML text with the place of every value. */
export interface SourceDocument {
  readonly value: unknown;
  /** What is wrong with the YAML itself. Where there is anything, `value` is undefined. */
  readonly issues: readonly Issue[];
  /** Line of the value at `path`, or of the nearest value above it. 1-based. */
  lineOf(path: PropertyPath): number;
}

/**
 * Reads one YAML document. Duplicate keys, tags of unknown types, several documents in a file and aliases are refused:
 * a spec that a reviewer reads must mean what it shows, and aliases can blow a small file up without bound.
 */
export function readDocument(text: string, file?: string): SourceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const issue = (code: string, offset: number, message: string, fix: string): Issue => ({
    code,
    message,
    fix,
    ...(file !== undefined && { file }),
    line: lines.linePos(offset).line,
  });

  const issues = [...document.errors, ...document.warnings].map((error) =>
    error.code === 'DUPLICATE_KEY'
      ? issue('SPEC_DUPLICATE_KEY', error.pos[0], 'this key occurs twice', 'keep one of them')
      : issue('SPEC_YAML', error.pos[0], error.message, 'correct the YAML'),
  );
  visit(document, {
    Alias: (_, node) => {
      issues.push(issue('SPEC_YAML_ALIAS', node.range?.[0] ?? 0, 'aliases are not read', 'write the value out'));
    },
  });
  if (issues.length > 0) return { value: undefined, issues, lineOf: () => 1 };

  const lineOf = (path: PropertyPath): number => {
    let node: Node | null = document.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const key of path) {
      if (!node || isScalar(node) || isAlias(node)) break;
      // A key says more than its value, which may start lines below.
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
        : undefined;
      const child = (
        pair ? pair.value : (node as { get(key: unknown, keep: true): unknown }).get(key, true)
      ) as Node | null;
      const place = (pair?.key as Node | undefined)?.range ?? child?.range;
      if (!place) break;
      offset = place[0];
      node = child ?? null;
    }
    return lines.linePos(offset).line;
  };
  return { value: document.toJS({ maxAliasCount: 0 }), issues, lineOf };
}
