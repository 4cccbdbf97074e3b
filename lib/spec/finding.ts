import type { Issue } from '../errors';
import type { PropertyPath } from './document';
import type { PartialSpec } from './partial-spec';

/** An issue that still knows its place as a path. */
export interface Finding extends Omit<Issue, 'path' | 'file' | 'line'> {
  readonly path: PropertyPath;
  /**
   * `error`: the spec contradicts itself; `weaker`: it asks for less than the profile allows; `warning`: it is
   * accepted.
   * @default 'error'
   */
  readonly level?: 'error' | 'weaker' | 'warning';
}

/** What rules need beside the spec. */
export interface RuleContext {
  /** The day that expiry dates are held against, `2027-01-31`. */
  readonly today: string;
  /** Ids of every control there is. */
  readonly controlIds: readonly string[];
}

/** A rule across fields. Pure; returns what it finds wrong. */
export type Rule = (spec: PartialSpec, context: RuleContext) => readonly Finding[];
