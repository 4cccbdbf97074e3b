/** Errors weaken the cluster; warnings fall short of what is usual. */
export type FindingSeverity = 'error' | 'warning';

/** The Kubernetes object that a finding is about. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** One thing that is wrong with one object, where, and what to write instead. Never holds a secret's value. */
export interface Finding {
  /** Id of the control, for example `pod-security/runAsNonRoot`: what a waiver names. */
  readonly control: string;
  readonly severity: FindingSeverity;
  readonly message: string;
  /** JSON path inside the object, for example `spec.template.spec.hostNetwork`. */
  readonly path: string;
  readonly fix: string;
  readonly object: ObjectReference;
}

/** `Deployment web/frontend` as texts name an object. */
export function nameOf({ kind, name, namespace }: ObjectReference): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

/** A finding on one line, without its place in a file or in a construct tree. */
export function formatFinding(finding: Finding): string {
  const { control, severity, message, path, fix, object } = finding;
  return `${severity}: ${nameOf(object)}: ${path}: ${message}. Fix: ${fix} [${control}]`;
}
