/** Annotation that names what an object is allowed to lack. */
export const waiversAnnotation = 'bulwark.dev/waivers';

/** Shortest reason that says anything, in characters. */
export const shortestReason = 20;

/** A control that one object knowingly breaks: why, who answers for it, and until when. */
export interface WorkloadWaiver {
  /** Id of the control, as findings name it. */
  readonly control: string;
  /** 20 characters or more. */
  readonly reason: string;
  readonly owner: string;
  /** Last day, as YYYY-MM-DD. */
  readonly expires: string;
}

/** The annotation's text, a waiver a line: `control: reason (owner, until YYYY-MM-DD)`. */
export function formatWaivers(waivers: readonly WorkloadWaiver[]): string {
  return waivers
    .map(({ control, reason, owner, expires }) => `${control}: ${reason} (${owner}, until ${expires})`)
    .join('\n');
}

const line = /^(?<control>[\w-]+\/[\w-]+): (?<reason>.*) \((?<owner>[^()]+), until (?<expires>\d{4}-\d{2}-\d{2})\)$/;

/** What an annotation says: waivers, and the lines that are none. */
export interface ParsedWaivers {
  readonly waivers: readonly WorkloadWaiver[];
  readonly unreadable: readonly string[];
}

export function parseWaivers(text: string): ParsedWaivers {
  const lines = text.split('\n').filter((each) => each.trim() !== '');
  const parsed = lines.map((each) => ({ each, groups: line.exec(each.trim())?.groups }));
  return {
    waivers: parsed.flatMap(({ groups }) => (groups ? [groups as unknown as WorkloadWaiver] : [])),
    unreadable: parsed.filter(({ groups }) => !groups).map(({ each }) => each),
  };
}

/** What keeps a waiver from counting; undefined if nothing does. */
export function faultOfWaiver(waiver: WorkloadWaiver, today: string): string | undefined {
  const { reason, owner, expires } = waiver;
  if (reason.trim().length < shortestReason) return `its reason has fewer than ${shortestReason} characters`;
  if (owner.trim() === '') return 'it has no owner';
  const day = new Date(`${expires}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(day.getTime())) return `${expires} is no day (YYYY-MM-DD)`;
  return expires < today ? `it expired on ${expires}` : undefined;
}
