import type { Facts, Probe, ProbeKind, Scope } from './probe';

/** An object of the API that a check has something to say about. */
export interface SeenObject {
  /** Plural, without its group. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

/** `shop/default, ops`, five names at most. */
export function namesOf(objects: readonly SeenObject[]): string {
  const names = objects.map(({ namespace, name }) => [namespace, name].filter(Boolean).join('/'));
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** What a check says of one observation. */
export type Judgement =
  | { readonly verdict: 'pass'; readonly observed: string }
  | {
      readonly verdict: 'fail';
      readonly observed: string;
      /** Every object that is at fault, where objects are: what a waiver of namespaces or objects is held against. */
      readonly objects?: readonly SeenObject[];
    }
  | { readonly verdict: 'not-applicable'; readonly observed: string };

export const pass = (observed: string): Judgement => ({ verdict: 'pass', observed });
export const fail = (observed: string, objects?: readonly SeenObject[]): Judgement => ({
  verdict: 'fail',
  observed,
  ...(objects && { objects }),
});
export const notApplicable = (observed: string): Judgement => ({ verdict: 'not-applicable', observed });

/** How strong the proof is: an effect seen, a live program's own word, or a file's text. */
export type Strength = 'effect' | 'live' | 'text';

/** A probe with the rule that judges what it saw. `judge` is pure and must not throw on any fact of its kind. */
export interface Check<K extends ProbeKind = ProbeKind> {
  readonly scope: Scope;
  /** Node that a check of scope `cluster` is about. @default the cluster as a whole */
  readonly node?: string;
  /** True where an absence is what is wanted (no file, no object, no right), so that an empty finding passes. @default false */
  readonly absence?: boolean;
  readonly probe: Extract<Probe, { kind: K }>;
  /** What must be seen, as the report prints it. */
  readonly expected: string;
  readonly strength: Strength;
  /** @param at when the fact was seen, ISO 8601; a judge that needs the time fails without it */
  readonly judge: (fact: Facts[K], at?: string) => Judgement;
}

/** Check of any kind, as a control lists it. */
export type AnyCheck = { [K in ProbeKind]: Check<K> }[ProbeKind];
