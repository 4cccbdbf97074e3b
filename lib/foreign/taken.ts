/** A part of a running cluster in the terms of a spec. */
export interface Taken<T> {
  readonly value: T;
  /** What a spec has no place for, or says otherwise, one sentence each. */
  readonly lost: readonly string[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}
