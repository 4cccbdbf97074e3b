import { readFileSync } from 'node:fs';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { HardeningError, type Issue } from '../lib/errors';
import { judgeManifest, type Verdict } from '../lib/lint/judge-manifest';
import { objectsOf } from '../lib/lint/manifest';
import type { PlacedFinding } from '../lib/lint/sarif';

/** What was found in some files. */
export interface LintResult {
  readonly objects: number;
  readonly findings: readonly PlacedFinding[];
  readonly waived: readonly PlacedFinding[];
}

/**
 * Judges every Kubernetes object in YAML files; Helm charts as `helm template` renders them.
 *
 * @param files paths; `-` is standard input
 * @param today the day that waivers are held against, as YYYY-MM-DD
 * @throws HardeningError of kind `usage` where a file cannot be read, of kind `spec` where one is no YAML
 */
export function lintFiles(files: readonly string[], today: string): LintResult {
  const results = files.map((file) => lintText(file === '-' ? '<stdin>' : file, readText(file), today));
  return {
    objects: results.reduce((sum, { objects }) => sum + objects, 0),
    findings: results.flatMap(({ findings }) => findings),
    waived: results.flatMap(({ waived }) => waived),
  };
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

function lintText(file: string, text: string, today: string): LintResult {
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

  const judged = documents.flatMap((document) => {
    const value = contentOf(document, file);
    return objectsOf(value).map((object) => {
      // A path leads into the object: into the document only where that is the object, and no List of objects.
      const place = (finding: Verdict['findings'][number]): PlacedFinding => ({
        ...finding,
        file,
        line: lineOf(document, object === value ? finding.path : '', lines),
      });
      const { findings, waived } = judgeManifest(object, today);
      return { findings: findings.map(place), waived: waived.map(place) };
    });
  });
  return {
    objects: judged.length,
    findings: judged.flatMap(({ findings }) => findings),
    waived: judged.flatMap(({ waived }) => waived),
  };
}

/** The document's value; one whose aliases multiply without bound has none. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new HardeningError('spec', [{ code: 'LINT_YAML', file, message: (error as Error).message }]);
  }
}

/** The line of a path inside a document, or of what is nearest above it: what is missing has no line. */
function lineOf(document: Document, path: string, lines: LineCounter): number {
  const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
    index === undefined ? (quoted ?? name) : Number(index),
  );
  for (let length = steps.length; length >= 0; length -= 1) {
    const node = document.getIn(steps.slice(0, length), true) as { readonly range?: readonly number[] } | undefined;
    if (node?.range?.[0] !== undefined) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
