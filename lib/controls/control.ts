import type { AnyCheck } from '../checks/check';
import type { ProfileName } from '../profiles/profile';
import type { Threat } from '../profiles/threat';
import type { ResolvedCluster } from '../resolved-cluster';
import type { Setting } from '../settings/setting';
import type { Source } from './sources';
import type { ControlValue } from './value';

export type { Threat };

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** A security property that is rendered, explained and proven from this one declaration. */
export interface Control {
  /** `<area>/<name>`, equal to the path of its file. */
  readonly id: string;
  /** A sentence that is true when the control holds. */
  readonly title: string;
  /** The attack or accident that it stops. */
  readonly why: string;
  /** What a user loses, or the limit of the control. Never empty. */
  readonly cost: string;
  readonly severity: Severity;
  /** Who acts in the attack that it answers. */
  readonly threats: readonly [Threat, ...Threat[]];
  /** Attack ids of the attack catalogue, for example `A15`. */
  readonly stops: readonly string[];
  /** Profiles that have it, and with them those that extend them. */
  readonly profiles: readonly [ProfileName, ...ProfileName[]];
  /** Id of a control of other profiles that this one is the stronger form of. @default none */
  readonly replaces?: string;
  /** What profiles may tighten. @default nothing */
  readonly value?: ControlValue;
  readonly sources: readonly [Source, ...Source[]];
  /** How a default kubeadm cluster of the same release stands on the checks. */
  readonly stock: 'differs' | 'same';
  /** False for a property that no waiver may switch off. @default true */
  readonly waivable?: boolean;
  /** Whether the control concerns this cluster at all. @default always */
  readonly appliesTo?: (cluster: ResolvedCluster) => boolean;
  /** What to render. */
  readonly settings: (cluster: ResolvedCluster) => readonly Setting[];
  /** What stands in while the control is waived. A waived control renders nothing else. @default nothing */
  readonly whenWaived?: (cluster: ResolvedCluster) => readonly Setting[];
  /** How it is seen on a running cluster; at least one. */
  readonly checks: (cluster: ResolvedCluster) => readonly AnyCheck[];
}

/** Declares a control. Exists for inference and so that every control reads alike. */
export function control(declaration: Control): Control {
  return declaration;
}
