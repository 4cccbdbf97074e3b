import { namesOf, type SeenObject } from '../checks/check';
import type { ResolvedCluster } from '../resolved-cluster';
import type { Waiver } from '../spec/waiver';
import { coversPlace, isOfObjects, resourceOf, scopeText } from '../spec/waiver-scope';
import type { EvidenceRow, Verdict, WaiverEvidence } from './evidence';

/** How long before the end of a waiver its owner is reminded. Days. */
const reminderDays = 30;

/** What a row says before waivers are laid over it. */
export type Seen = Pick<EvidenceRow, 'observed' | 'explained'> & {
  readonly verdict: Exclude<Verdict, 'waived'>;
  readonly objects?: readonly SeenObject[];
};

/** What a row says with the waivers of its control laid over it. */
export type Excused = Pick<EvidenceRow, 'observed' | 'explained' | 'seen' | 'verdict'> & {
  readonly waivers: readonly Waiver[];
};

/** Whether a waiver limited to namespaces or objects covers one; a namespace covers what lies in it, and itself. */
function coversObject({ namespaces = [], objects = [] }: Waiver, seen: SeenObject): boolean {
  const place = seen.resource === 'namespaces' ? seen.name : seen.namespace;
  return (
    (place !== undefined && namespaces.includes(place)) ||
    objects.some(
      ({ kind, namespace, name }) =>
        resourceOf(kind) === seen.resource && namespace === seen.namespace && name === seen.name,
    )
  );
}

/**
 * Lays the valid waivers of a control over what was seen in a place. One that covers the place covers all of it; those
 * of namespaces and objects cover single findings, and what is left fails.
 */
export function excuse(seen: Seen, waivers: readonly Waiver[], where: string): Excused {
  const { verdict, observed, explained, objects = [] } = seen;
  const whole = waivers.find((waiver) => coversPlace(waiver, where));
  if (whole) return { verdict: 'waived', seen: verdict, observed, explained, waivers: [whole] };
  const limited = waivers.filter(isOfObjects);
  const by = (object: SeenObject) => limited.find((waiver) => coversObject(waiver, object));
  const covered = verdict === 'fail' ? objects.filter(by) : [];
  if (covered.length === 0) return { verdict, observed, explained, waivers: [] };
  const used = limited.filter((waiver) => covered.some((object) => by(object) === waiver));
  const left = objects.filter((object) => !by(object));
  if (left.length === 0) return { verdict: 'waived', seen: verdict, observed, waivers: used };
  return { verdict, observed: `${namesOf(left)}; waived: ${namesOf(covered)}`, waivers: used };
}

/** A waiver as evidence shows it. @param verdictOf how a control stands; undefined where it is not on */
export function waiverEvidence(waiver: Waiver, verdictOf: (control: string) => Verdict | undefined): WaiverEvidence {
  const { control: _control, platform: _platform, ...shown } = waiver;
  const uncompensated = (waiver.compensatedBy ?? []).flatMap((id) => {
    const verdict = verdictOf(id);
    return verdict === 'pass' ? [] : [`${id}: ${verdict ?? 'not on for this cluster'}`];
  });
  return { ...shown, ...(uncompensated.length > 0 && { uncompensated }) };
}

/** What is to be said of a control's valid waivers: those that nothing needs, and those that nothing stands in for. */
export function waiverWarnings(
  control: string,
  waivers: readonly Waiver[],
  rows: readonly Excused[],
  verdictOf: (control: string) => Verdict | undefined,
): readonly string[] {
  // What was not seen may need its waiver.
  const blind = rows.some(({ verdict, seen }) => ['not-observed', 'error'].includes(seen ?? verdict));
  return waivers.flatMap((waiver) => {
    const on = scopeText(waiver) === 'all' ? '' : ` on ${scopeText(waiver)}`;
    const used = rows.filter((row) => row.waivers.includes(waiver));
    const unused = isOfObjects(waiver)
      ? used.length === 0 && !blind
      : used.every(({ seen }) => seen === 'pass' || seen === 'not-applicable');
    const { uncompensated = [] } = waiverEvidence(waiver, verdictOf);
    return [
      ...(unused ? [`the waiver of ${control}${on} is unused: the control holds${on && ' there'}`] : []),
      ...uncompensated.map(
        (how) => `the waiver of ${control}${on} is uncompensated: what stands in does not pass (${how})`,
      ),
    ];
  });
}

/** What is to be said of waivers that have ended, or soon will: those of controls and those of namespaces. */
export function expiryWarnings({ spec, waivers }: ResolvedCluster, today: string): readonly string[] {
  const dated = [
    ...waivers.map(({ control, owner, expires }) => ({ of: control, owner, expires })),
    ...spec.namespaces.flatMap(({ name, waiver }) => (waiver ? [{ of: `namespace ${name}`, ...waiver }] : [])),
  ];
  return dated.flatMap(({ of, owner, expires }) => {
    if (expires === undefined) return [];
    if (expires < today) return [`the waiver of ${of} expired on ${expires}`];
    const days = Math.round((Date.parse(expires) - Date.parse(today)) / 86_400_000);
    if (days > reminderDays) return [];
    const left = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
    return [`the waiver of ${of} by ${owner} ends ${left}, on ${expires}`];
  });
}
