import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, LineCounter } from 'yaml';
import { HardeningError, type Issue } from '../lib/errors';
import type { Fields } from '../lib/fields';
import { objectsOf } from '../lib/lint/manifest';
import { parseAsKubectl } from './read-yaml';

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
 * @param files paths of files, or of folders with YAML and JSON files in them, however deep; `-` is standard input
 * @throws HardeningError of kind `usage` where files cannot be read, of kind `spec` where some are no YAML; with every such file
 */
export function readManifests(files: readonly string[]): readonly ReadManifest[] {
  const issues: Issue[] = [];
  const texts = files.flatMap((path) => filesAt(path, issues)).map((file) => ({ file, text: readText(file, issues) }));
  if (issues.length > 0) throw new HardeningError('usage', issues);
  const manifests = texts.flatMap(({ file, text }) => manifestsIn(file === '-' ? '<stdin>' : file, text, issues));
  if (issues.length > 0) throw new HardeningError('spec', issues);
  return manifests;
}

function filesAt(path: string, issues: Issue[]): readonly string[] {
  if (path === '-' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return attempt(path, issues, () => readdirSync(path, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return filesAt(inner, issues);
      return /\.(ya?ml|json)$/.test(entry.name) ? [inner] : [];
    });
}

function readText(file: string, issues: Issue[]): string {
  const [text = ''] = attempt(file, issues, () => [decode(readFileSync(file === '-' ? 0 : file))]);
  return text;
}

/** PowerShell writes UTF-16 where one says `helm template > all.yaml`. */
function decode(bytes: Buffer): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function attempt<T>(file: string, issues: Issue[], read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    issues.push({ code: 'LINT_FILE', file, message: code === 'ENOENT' ? 'there is no such file' : message });
    return [];
  }
}

function manifestsIn(file: string, text: string, issues: Issue[]): readonly ReadManifest[] {
  const lines = new LineCounter();
  const report = (message: string, line?: number): void => {
    const fix = 'give YAML as it is applied; render Helm charts first with helm template';
    issues.push({ code: 'LINT_YAML', file, ...(line && { line }), message: message.split('\n')[0] ?? message, fix });
  };
  try {
    const documents = parseAsKubectl(text, lines);
    const errors = documents.flatMap((document) => document.errors);
    // What is unclosed is unclosed on every level: the first fault of a line says it.
    const faults = new Map([...errors].reverse().map(({ message, pos }) => [lines.linePos(pos[0]).line, message]));
    for (const [line, message] of [...faults].sort(([one], [other]) => one - other)) report(message, line);
    return errors.length > 0 ? [] : documents.flatMap((document) => objectsIn(document, file, lines));
  } catch (error) {
    // Aliases that multiply without bound, or nesting that no program can follow.
    report(error instanceof RangeError ? 'this is nested too deeply' : (error as Error).message);
    return [];
  }
}

/** Uses of one anchor, those inside of others multiplied: a chart repeats itself some hundred times, a bomb some billion. */
const mostAliases = 10_000;

function objectsIn(document: Document, file: string, lines: LineCounter): readonly ReadManifest[] {
  const value: unknown = document.toJS({ maxAliasCount: mostAliases });
  return objectsOf(value).map((object) => ({
    file,
    object,
    // A path leads into the object: into the document only where that is the object, and no List of objects.
    lineOf: (path: string) => lineIn(document, object === value ? path : '', lines),
  }));
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
