import type { Control } from '../controls/control';
import { allowedText, isAllowed, isLooser } from '../controls/value';
import { HardeningError, type Issue } from '../errors';
import type { ClusterSpec } from '../spec/cluster-spec';
import { nearFix } from '../spec/near';
import type { ActiveProfile, Profile, ProfileName } from './profile';
import { profiles } from './profiles';

/** A profile of Bulwark with everything that it extends, nearest last. */
const lineage = (name: ProfileName): readonly Profile[] => {
  const profile = profiles[name];
  return [...(profile.extends ? lineage(profile.extends) : []), profile];
};

/** What a profile of Bulwark turns on and sets. */
export function builtInProfile(name: ProfileName, catalogue: readonly Control[]): ActiveProfile {
  const line = lineage(name);
  const names = line.map((each) => each.name);
  return {
    name,
    base: name,
    controls: catalogue.filter((control) => control.profiles.some((of) => names.includes(of))).map(({ id }) => id),
    values: Object.assign({}, ...line.map(({ values }) => values)),
  };
}

/**
 * What the profile of a spec turns on and sets: one of Bulwark, or one of the user's own that extends it.
 *
 * @throws HardeningError of kind `spec` with everything that a profile of the user's own gets wrong; of kind `weaker`
 *   where it only asks for less than a profile may
 */
export function activeProfile(wanted: ClusterSpec['profile'], catalogue: readonly Control[]): ActiveProfile {
  if (typeof wanted === 'string') return builtInProfile(wanted, catalogue);
  const { name = 'own', add, remove, values } = wanted;
  const base = builtInProfile(wanted.extends, catalogue);
  const found: Found[] = [
    ...add.flatMap((id, index) => added(id, `profile.add[${index}]`, base, catalogue)),
    ...remove.flatMap((id, index) => removed(id, `profile.remove[${index}]`, base, catalogue)),
    ...Object.entries(values).flatMap(([id, value]) => changed(id, value, base, [...base.controls, ...add], catalogue)),
  ];
  if (found.length > 0) {
    const kind = found.every(({ weaker }) => weaker) ? 'weaker' : 'spec';
    throw new HardeningError(
      kind,
      found.map(({ issue }) => issue),
    );
  }
  return {
    name: `${name} (extends ${base.name})`,
    base: base.base,
    controls: [...base.controls, ...add].filter((id) => !remove.includes(id)),
    values: { ...base.values, ...values },
  };
}

interface Found {
  readonly issue: Issue;
  /** The profile is consistent, and asks for less than it may. */
  readonly weaker?: boolean;
}

function unknown(id: string, path: string, known: readonly string[]): readonly Found[] {
  return [
    {
      issue: {
        code: 'SPEC_PROFILE_UNKNOWN_CONTROL',
        path,
        message: 'there is no such control',
        got: id,
        allowed: 'a control id, as `bulwark explain` lists them',
        fix: nearFix(id, known, 'run `bulwark explain` for the list'),
      },
    },
  ];
}

const idsOf = (catalogue: readonly Control[]) => catalogue.map(({ id }) => id);

function added(id: string, path: string, base: ActiveProfile, catalogue: readonly Control[]): readonly Found[] {
  if (!catalogue.some((control) => control.id === id)) return unknown(id, path, idsOf(catalogue));
  if (!base.controls.includes(id)) return [];
  const message = `${base.name} has this control already`;
  return [{ issue: { code: 'SPEC_PROFILE_HAS_CONTROL', path, message, got: id, fix: 'leave it out' } }];
}

function removed(id: string, path: string, base: ActiveProfile, catalogue: readonly Control[]): readonly Found[] {
  const control = catalogue.find((each) => each.id === id);
  if (!control) return unknown(id, path, idsOf(catalogue));
  if (!base.controls.includes(id)) {
    const message = `${base.name} does not have this control`;
    return [{ issue: { code: 'SPEC_PROFILE_LACKS_CONTROL', path, message, got: id, fix: 'leave it out' } }];
  }
  if (control.severity !== 'critical' && control.waivable !== false) return [];
  const critical = control.waivable !== false;
  return [
    {
      weaker: true,
      issue: {
        code: 'SPEC_PROFILE_CRITICAL',
        path,
        message: critical ? 'a critical control goes off only by a waiver' : 'this control cannot be switched off',
        got: id,
        control: id,
        fix: critical ? `leave it out here and run \`bulwark waive ${id}\`` : 'leave it out',
      },
    },
  ];
}

function changed(
  id: string,
  value: number | string,
  base: ActiveProfile,
  on: readonly string[],
  catalogue: readonly Control[],
): readonly Found[] {
  const path = `profile.values["${id}"]`;
  const declared = catalogue.find((control) => control.id === id)?.value;
  const got = `${value}`;
  if (!declared || !on.includes(id)) {
    const settable = catalogue.filter((control) => control.value && on.includes(control.id)).map((each) => each.id);
    const message = declared ? `${base.name} does not have this control` : 'no control of this name has a value';
    const issue = { code: 'SPEC_PROFILE_NO_VALUE', path, message, got: id, allowed: settable.join(', ') };
    return [{ issue: { ...issue, fix: nearFix(id, settable, 'leave it out') } }];
  }
  const fix = `write ${allowedText(declared)}`;
  if (!isAllowed(declared, value)) {
    const message = `this is no value for ${declared.what}`;
    const allowed = allowedText(declared);
    return [{ issue: { code: 'SPEC_PROFILE_VALUE', path, message, got, allowed, control: id, fix } }];
  }
  const usual = base.values[id] ?? declared.usual;
  if (!isLooser(declared, value, usual)) return [];
  return [
    {
      weaker: true,
      issue: {
        code: 'SPEC_PROFILE_LOOSER',
        path,
        message: `a profile only tightens what it extends (${declared.what})`,
        got,
        allowed: `${usual}, or tighter`,
        control: id,
        fix: `leave it out, or waive ${id}`,
      },
    },
  ];
}
