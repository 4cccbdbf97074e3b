import { type Waiver, waiverSchema } from './waiver';
import { scopeText } from './waiver-scope';

/** Where a cluster keeps the waivers that it was set up with. */
export const waiverRecord = { namespace: 'kube-system', name: 'bulwark-waivers', key: 'waivers.json' } as const;

/** The waivers of a spec as a cluster keeps them. Equal waivers give equal texts. */
export const recordText = (waivers: readonly Waiver[]): string => `${JSON.stringify(sorted(waivers), null, 2)}\n`;

/** What differs between the waivers of a cluster and those of a spec. */
export interface WaiverDifferences {
  /** The cluster has them, the spec does not. */
  readonly unknown: readonly string[];
  /** The spec has them, the cluster does not. */
  readonly missing: readonly string[];
  /** Both have them, with another reason, owner, end or measure that stands in. */
  readonly different: readonly string[];
}

/** Compares a record with the waivers of a spec. @returns undefined where the text is no record */
export function compareRecord(text: string, waivers: readonly Waiver[]): WaiverDifferences | undefined {
  const recorded = readRecord(text);
  if (!recorded) return undefined;
  const known = new Map(recorded.map((waiver) => [nameOf(waiver), waiver]));
  const wanted = new Map(sorted(waivers).map((waiver) => [nameOf(waiver), waiver]));
  const only = (one: ReadonlyMap<string, Waiver>, other: ReadonlyMap<string, Waiver>) =>
    [...one].flatMap(([name, { owner }]) => (other.has(name) ? [] : [`${name} (${owner})`]));
  return {
    unknown: only(known, wanted),
    missing: only(wanted, known),
    different: [...wanted].flatMap(([name, waiver]) =>
      known.has(name) && JSON.stringify(known.get(name)) !== JSON.stringify(waiver) ? [name] : [],
    ),
  };
}

function readRecord(text: string): readonly Waiver[] | undefined {
  try {
    const read = waiverSchema.array().safeParse(JSON.parse(text));
    return read.success ? sorted(read.data) : undefined;
  } catch {
    return undefined;
  }
}

const nameOf = (waiver: Waiver): string => {
  const scope = scopeText(waiver);
  return scope === 'all' ? waiver.control : `${waiver.control} on ${scope}`;
};

/** Their order in a spec means nothing; that of their fields comes from the schema. */
const sorted = (waivers: readonly Waiver[]): readonly Waiver[] =>
  waiverSchema
    .array()
    .parse(waivers)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
