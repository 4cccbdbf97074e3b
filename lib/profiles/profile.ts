import type { Threat } from './threat';

/** Profiles that come with Bulwark. */
export const profileNames = ['internet-facing', 'multi-team', 'strict'] as const;
export type ProfileName = (typeof profileNames)[number];

/** A threat model: who is expected to attack, and who is trusted. Controls name the profiles that add them. */
export interface Profile {
  readonly name: ProfileName;
  /** Whom it is for, in a sentence. */
  readonly summary: string;
  /** Who is expected to attack, and how. */
  readonly threats: Readonly<Partial<Record<Threat, string>>>;
  /** What the profile takes for granted; where it is not so, another profile or more is needed. */
  readonly trusts: readonly string[];
  /** What it costs beyond the controls’ own costs, and where it stops. */
  readonly limits: readonly string[];
  /** Profile whose controls and values this one has as well. @default none */
  readonly extends?: ProfileName;
  /** What it sets otherwise than is usual, by id of the control. @default nothing */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** What of a profile a cluster follows. */
export interface ActiveProfile {
  /** Name for reports. A profile of the user’s own names what it extends. */
  readonly name: string;
  /** The profile of Bulwark that it is or extends. */
  readonly base: ProfileName;
  /** Ids of its controls, whether or not they concern the cluster. */
  readonly controls: readonly string[];
  /** What is set otherwise than is usual, by id of the control. */
  readonly values: Readonly<Record<string, number | string>>;
}
