import type { Control } from '../controls/control';
import type { ActiveProfile } from './profile';

/** One value that two profiles set differently. */
export interface ValueChange {
  /** Id of the control. */
  readonly control: string;
  readonly what: string;
  readonly before: number | string;
  readonly after: number | string;
}

/** What differs between two profiles. */
export interface ProfileDiff {
  readonly before: string;
  readonly after: string;
  /** Ids of controls that only the second has. */
  readonly added: readonly string[];
  /** Ids of controls that only the first has. */
  readonly removed: readonly string[];
  /** Values of controls that both have. */
  readonly values: readonly ValueChange[];
}

/** What changes for a cluster that goes from one profile to another. */
export function diffProfiles(before: ActiveProfile, after: ActiveProfile, catalogue: readonly Control[]): ProfileDiff {
  const only = (one: ActiveProfile, other: ActiveProfile) =>
    one.controls.filter((id) => !other.controls.includes(id)).sort();
  const values = catalogue.flatMap(({ id, value }): readonly ValueChange[] => {
    if (!value || !before.controls.includes(id) || !after.controls.includes(id)) return [];
    const [was, is] = [before, after].map((profile) => profile.values[id] ?? value.usual);
    if (was === undefined || is === undefined || was === is) return [];
    return [{ control: id, what: value.what, before: was, after: is }];
  });
  return { before: before.name, after: after.name, added: only(after, before), removed: only(before, after), values };
}
