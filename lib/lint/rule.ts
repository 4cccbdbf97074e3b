import type { Fields } from '../fields';
import type { FindingSeverity } from './finding';

/** What a rule found at one place. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** Judges one object by itself. */
export interface Rule {
  /** Id that findings carry and waivers name. */
  readonly control: string;
  readonly severity: FindingSeverity;
  readonly fix: string;
  readonly judge: (object: Fields) => readonly Fault[];
}
