/** One thing that changed on a node, or would change. */
export interface Change {
  /** `file`, `package`, `program`, `image`, `unit`, `command`, `object`, … */
  readonly kind: string;
  readonly name: string;
  /** `create`, `replace`, `mode 0644 -> 0600`, `restart`, … */
  readonly action: string;
  /** Ids of the controls that ask for it, where the bundle knows. */
  readonly controls?: readonly string[];
}

/** Before and after of one file or object; files that carry a secret show neither. */
export interface Diff {
  readonly before_header?: string;
  readonly after_header?: string;
  readonly before?: string;
  readonly after?: string;
}

/** A node of the cluster that the bundle does not have. */
export interface LeavingNode {
  readonly name: string;
  readonly controlPlane: boolean;
  /** Its entry of the spec when it was applied last, as the cluster keeps it; null where no run recorded it. */
  readonly node: unknown;
}

/** How a step ended on a node. */
export type StepStatus = 'ok' | 'changed' | 'failed' | 'ignored' | 'unreachable' | 'skipped';

/** A step ended on a node. Steps with secrets carry nothing but their status. */
export interface StepResult {
  readonly event: 'result';
  readonly task: string;
  readonly node: string;
  readonly status: StepStatus;
  readonly message?: string;
  /** Last words of the component that failed, redacted. */
  readonly lines?: readonly string[];
  readonly changes?: readonly Change[];
  /** In check mode: what a run still has to do although nothing changes by it, such as a record or a wait. */
  readonly chores?: readonly string[];
  readonly diff?: readonly Diff[];
  /** What stands in the way, one sentence each. */
  readonly problems?: readonly string[];
  readonly warnings_found?: readonly string[];
  readonly leaving?: readonly LeavingNode[];
  /** Where the encrypted `super-admin.conf` was written on this computer. */
  readonly super_admin_file?: string;
}

/** What a run of a playbook says, one line of its output each. */
export type PlaybookEvent =
  | { readonly event: 'task'; readonly task: string }
  | StepResult
  | { readonly event: 'progress'; readonly text: string; readonly node?: string }
  | { readonly event: 'stats' };

/** The event that a line of the playbook's output carries; undefined for any other text. */
export function parseEvent(line: string): PlaybookEvent | undefined {
  if (!line.startsWith('{"event"')) return undefined;
  try {
    return JSON.parse(line) as PlaybookEvent;
  } catch {
    return undefined;
  }
}
