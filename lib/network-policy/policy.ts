import type { Fields } from '../fields';
import type { ObjectReference } from '../lint/finding';
import type { PolicyPort } from './ports';
import type { PodSelector } from './workload';

export type Direction = 'ingress' | 'egress';

/** Whom a rule is about. */
export type Peer =
  | { readonly kind: 'pods'; readonly pods: PodSelector }
  | { readonly kind: 'addresses'; readonly cidr: string; readonly except: readonly string[] }
  /** Cilium's word for what has no labels: `world`, `kube-apiserver`, `host`, `remote-node`, `cluster`, `all`. */
  | { readonly kind: 'entity'; readonly entity: string }
  /** A DNS name, or a pattern of names. */
  | { readonly kind: 'name'; readonly name: string };

export interface PolicyRule {
  readonly direction: Direction;
  /** Whether it refuses, whatever others allow. */
  readonly deny: boolean;
  /** Place in the object, for example `spec.egress[0]`. */
  readonly path: string;
  /** undefined: everybody. */
  readonly peers?: readonly Peer[];
  /** None: every port. */
  readonly ports: readonly PolicyPort[];
  /** What is allowed inside of the connection, where the rule looks inside: `GET /healthz`. */
  readonly requests?: readonly string[];
}

/** A NetworkPolicy or a Cilium policy, in the terms that both share. */
export interface Policy {
  readonly object: ObjectReference;
  /** The object as it was given. */
  readonly source: Fields;
  /** Where its spec stands in the object. */
  readonly path: string;
  /** Pods that it is about. */
  readonly pods: PodSelector;
  /** Directions in which those pods may do only what some policy allows. */
  readonly isolates: Readonly<Record<Direction, boolean>>;
  readonly rules: readonly PolicyRule[];
  /** Whether it is Cilium's own kind. */
  readonly cilium: boolean;
}
