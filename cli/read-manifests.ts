import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { HardeningError, type Issue } from '../lib/errors';
import type { Fields } from '../lib/fields';
import { objectsOf } from '../lib/lint/manifest';

/** A Kubernetes object in a file. */
export interface ReadManifest {
  readonly file: string;
  readonly object: Fields;
  /** 1-based line of a path inside the object, or of what is nearest above it: what is missing has no line. */
  lineOf(path: string): number;
}

/**
 * Every Kubernetes object in YAML files; Helm charts as `helm template` renders them.
 *
 * @param files paths of files, or of folders with YAML and JSON files; `-` is standard input
 * @throws HardeningError of kind `usage` where a file cannot be read, of kind `spec` where one is no YAML
 */
export function readManifests(files: readonly string[]): readonly ReadManifest[] {
  return files.flatMap(filesAt).flatMap((file) => manifestsIn(file === '-' ? '<stdin>' : file, readText(file)));
}

function filesAt(path: string): readonly string[] {
  if (path === '-' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /\.(ya?ml|json)$/.test(name));
  return names.sort().map((name) => join(path, name));
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new HardeningError('usage', [
      { code: 'LINT_FILE', file, message: code === 'ENOENT' ? 'there is no such file' : message },
    ]);
  }
}

function manifestsIn(file: string, text: string): ReadManifest[] {
  const lines = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false })];
  const faults = documents.flatMap(({ errors }) =>
    errors.map(
      ({ message, pos }): Issue => ({
        code: 'LINT_YAML',
        file,
        line: lines.linePos(pos[0]).line,
        message: message.split('\n')[0] ?? message,
        fix: 'give YAML as it is applied; render Helm charts first with helm template',
      }),
    ),
  );
  if (faults.length > 0) throw new HardeningError('spec', faults);

  return documents.flatMap((document) => {
    const value = contentOf(document, file);
    return objectsOf(value).map((object) => ({
      file,
      object,
      // A path leads into the object: into the document only where that is the object, and no List of objects.
      lineOf: (path: string) => lineIn(document, object === value ? path : '', lines),
    }));
  });
}

/** The document's value; one whose aliases multiply without bound has none. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new HardeningError('spec', [{ code: 'LINT_YAML', file, message: (error as Error).message }]);
  }
}

function lineIn(document: Document, path: string, lines: LineCounter): number {
  const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
    index === undefined ? (quoted ?? name) : Number(index),
  );
  for (let length = steps.length; length >= 0; length -= 1) {
    const node = document.getIn(steps.slice(0, length), true) as { readonly range?: readonly number[] } | undefined;
    if (node?.range?.[0] !== undefined) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
