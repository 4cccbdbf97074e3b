import { HardeningError, type Issue } from '../errors';
import { type ClusterSpec, type ClusterSpecInput, clusterSpecSchema } from './cluster-spec';
import { type PropertyPath, readDocument, type SourceDocument } from './document';
import type { Finding, RuleContext } from './finding';
import { partialSpec } from './partial-spec';
import { rules } from './rules';
import { allowedByIssue, findingsOf } from './schema-issues';

export interface ParseOptions extends RuleContext {
  /** Name of the file that the text came from, as errors print it. */
  readonly file?: string;
}

export interface ParsedSpec {
  readonly spec: ClusterSpec;
  /** What is accepted but probably not meant. */
  readonly warnings: readonly Issue[];
}

/** `nodes[1].labels["example.org/rack"]` */
export function formatPath(path: PropertyPath): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

/**
 * Reads a spec, as the text of a YAML file or as an object.
 *
 * @returns the spec with every default filled
 * @throws HardeningError with every error of the file at once: kind `spec`, or `weaker` where the spec is consistent
 *   and only asks for less than is allowed
 */
export function parseSpec(source: string | ClusterSpecInput, options: ParseOptions): ParsedSpec {
  const document: SourceDocument | undefined =
    typeof source === 'string' ? readDocument(source, options.file) : undefined;
  if (document && document.issues.length > 0) throw new HardeningError('spec', document.issues);
  const value: unknown = document ? document.value : source;

  const result = clusterSpecSchema.safeParse(value, { error: allowedByIssue });
  const found: Finding[] = [
    ...(result.success ? [] : result.error.issues.flatMap((issue) => findingsOf(clusterSpecSchema, value, issue))),
    ...rules.flatMap((rule) => rule(partialSpec(clusterSpecSchema, value), options)),
  ];

  const toIssue = ({ level, path, ...rest }: Finding): Issue => ({
    ...rest,
    path: formatPath(path),
    ...(options.file !== undefined && { file: options.file }),
    ...(document && { line: document.lineOf(path) }),
  });
  const issuesOf = (wanted: readonly Finding['level'][]): readonly Issue[] =>
    found
      .filter(({ level }) => wanted.includes(level ?? 'error'))
      .map(toIssue)
      .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));

  const errors = issuesOf(['error', 'weaker']);
  if (!result.success || errors.length > 0) {
    const onlyWeaker = result.success && issuesOf(['error']).length === 0;
    throw new HardeningError(onlyWeaker ? 'weaker' : 'spec', errors);
  }
  return { spec: result.data, warnings: issuesOf(['warning']) };
}
