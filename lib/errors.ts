/** What went wrong, in the terms of the command line: each kind has its own exit code. */
export type ErrorKind =
  | 'usage'
  | 'spec'
  | 'weaker'
  | 'unreachable'
  | 'prerequisite'
  | 'artifact'
  | 'apply'
  | 'verify'
  | 'out-of-date'
  | 'internal';

/** Exit code per kind; 0 is success. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  internal: 1,
  spec: 2,
  weaker: 3,
  unreachable: 4,
  prerequisite: 5,
  artifact: 6,
  'out-of-date': 7,
  apply: 8,
  verify: 9,
  usage: 64,
};

/** One finding. `message` says what is wrong; `fix` says what to do next. */
export interface Issue {
  /** Stable and searchable, for example `SPEC_UNKNOWN_KEY`. */
  readonly code: string;
  readonly message: string;
  /** Path inside the document, for example `nodes[1].hostKey`. */
  readonly path?: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly got?: string;
  readonly allowed?: string;
  readonly fix?: string;
  /** Id of the control that the issue belongs to. */
  readonly control?: string;
}

/** All issues found at one boundary, thrown once. */
export class HardeningError extends Error {
  readonly kind: ErrorKind;
  readonly issues: readonly Issue[];

  constructor(kind: ErrorKind, issues: readonly Issue[]) {
    super(issues.map(formatIssue).join('\n'));
    this.name = 'HardeningError';
    this.kind = kind;
    this.issues = issues;
  }
}

/** `file:line: path: message (got …; allowed …). Fix: …` with the parts that are known. */
export function formatIssue(issue: Issue): string {
  const place = [issue.file && (issue.line ? `${issue.file}:${issue.line}` : issue.file), issue.path].filter(Boolean);
  const facts = [
    issue.got !== undefined && `got ${issue.got}`,
    issue.allowed !== undefined && `allowed: ${issue.allowed}`,
    issue.control !== undefined && `control ${issue.control}`,
  ].filter(Boolean);
  const head = place.length > 0 ? `${place.join(': ')}: ` : '';
  const tail = facts.length > 0 ? ` (${facts.join('; ')})` : '';
  return `${head}${issue.message}${tail}${issue.fix ? `. Fix: ${issue.fix}` : ''} [${issue.code}]`;
}
