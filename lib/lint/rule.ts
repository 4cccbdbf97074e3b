import type { Escalation } from '../escalation';
import type { Fields } from '../fields';
import type { Network } from '../network-policy';
import type { Pod } from '../pod-security/pod';
import type { FindingSeverity } from './finding';

/** What a rule found at one place. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** The pod that an object is or makes, read once for all rules. */
export interface PlacedPod extends Pod {
  /** Path of the pod's spec inside the object. */
  readonly at: string;
}

/** What a rule is, whatever it looks at. */
export interface RuleDescription {
  /** Id that findings carry and waivers name. */
  readonly control: string;
  readonly severity: FindingSeverity;
  /** What happens where it is not kept. */
  readonly why: string;
  readonly fix: string;
}

/** Judges one object by itself. */
export interface Rule extends RuleDescription {
  readonly judge: (object: Fields, pod?: PlacedPod) => readonly Fault[];
}

/** What a rule found in one of several objects. */
export interface SetFault extends Fault {
  readonly object: Fields;
  /** @default that of the rule */
  readonly severity?: FindingSeverity;
  /** @default that of the rule */
  readonly fix?: string;
}

/** Objects that are applied together. */
export interface ManifestSet {
  readonly objects: readonly Fields[];
  readonly network: Network;
  /** Those that no baseline accepts. */
  readonly escalations: readonly Escalation[];
}

/** Judges objects by what they come to together. */
export interface SetRule extends RuleDescription {
  readonly judge: (set: ManifestSet) => readonly SetFault[];
}
