import type { ResolvedCluster } from '../resolved-cluster';

/** A value of a control that profiles may tighten. A control has at most one. */
export interface ControlValue<T extends number | string = number | string> {
  /** Id of the control. */
  readonly of: string;
  /** What it counts or names, for example `days that audit files are kept`. */
  readonly what: string;
  /** What it is unless a profile says otherwise. */
  readonly usual: T;
  /** Which numbers are tighter, or all words that are allowed, loosest first. */
  readonly tighter: 'more' | 'less' | readonly string[];
  /** What it is on a cluster. */
  readonly on: (cluster: ResolvedCluster) => T;
}

interface Declared<T> {
  readonly of: string;
  readonly what: string;
  readonly usual: T;
}

/** A whole number of 1 or more. */
export function numberValue(of: Declared<number> & { readonly tighter: 'more' | 'less' }): ControlValue<number> {
  return { ...of, on: ({ profile }) => (profile.values[of.of] as number | undefined) ?? of.usual };
}

/** One of some words. */
export function wordValue<T extends string>(of: Declared<T> & { readonly tighter: readonly T[] }): ControlValue<T> {
  return { ...of, on: ({ profile }) => (profile.values[of.of] as T | undefined) ?? of.usual };
}

/** Whether a control may have this value at all. */
export const isAllowed = ({ tighter }: ControlValue, value: unknown): value is number | string =>
  typeof tighter === 'string' ? Number.isInteger(value) && Number(value) >= 1 : tighter.some((word) => word === value);

/** What a control may be set to, in words. */
export const allowedText = ({ tighter }: ControlValue): string =>
  typeof tighter === 'string' ? 'a whole number of 1 or more' : tighter.join(', ');

/** Whether a value is weaker than another. Both must be allowed. */
export function isLooser({ tighter }: ControlValue, value: number | string, than: number | string): boolean {
  if (tighter === 'more') return value < than;
  if (tighter === 'less') return value > than;
  return tighter.indexOf(`${value}`) < tighter.indexOf(`${than}`);
}
