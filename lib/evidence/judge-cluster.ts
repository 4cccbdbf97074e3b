import type { AnyCheck, Judgement } from '../checks/check';
import { type NodeObservations, type Observation, probeKey } from '../checks/probe';
import type { Control } from '../controls/control';
import type { Resolution } from '../resolve';
import type { Waiver } from '../spec/cluster-spec';
import {
  areaOf,
  type ControlEvidence,
  count,
  type Evidence,
  type EvidenceRow,
  type Location,
  type Verdict,
  worst,
} from './evidence';
import { proofOf, redact } from './proof';

/** How long before the end of a waiver its owner is reminded. Days. */
const reminderDays = 30;

/** What a row says before waivers are laid over it. */
type Seen = Pick<EvidenceRow, 'observed' | 'explained'> & { readonly verdict: Exclude<Verdict, 'waived'> };

/** One observation with the time of its collection. */
interface Found {
  readonly observation: Observation;
  readonly at: string;
}

export interface JudgeOptions {
  /** Decides which waivers are valid. */
  readonly now: Date;
  /** Digest of the bundle's `manifest.json`. @default the evidence names no bundle */
  readonly bundleSha256?: string;
  /** Which line of the spec or of the bundle answers for a control in a place. @default rows have no location */
  readonly locate?: (control: Control, where: string) => Location;
}

/**
 * Judges what was observed on a cluster against the controls of its spec.
 *
 * @param observations of the nodes; a node that is missing makes its rows `not-observed`
 */
export function judgeCluster(
  resolution: Resolution,
  observations: readonly NodeObservations[],
  options: JudgeOptions,
): Evidence {
  const { now, bundleSha256 } = options;
  const { cluster, controls } = resolution;
  const today = now.toISOString().slice(0, 10);
  const valid = cluster.waivers.filter(({ expires }) => expires === undefined || expires >= today);
  const judged = controls.map((control) => {
    const waivers = valid.filter((waiver) => waiver.control === control.id);
    return judgeControl(control, waivers, resolution, observations, options);
  });
  const verdicts = judged.map(({ evidence }) => evidence);
  const areas = [...new Set(verdicts.map(({ id }) => areaOf(id)))].map((area) => {
    const members = verdicts.filter(({ id }) => areaOf(id) === area);
    return [area, count(members.map(({ verdict }) => verdict))] as const;
  });
  return {
    schema: 'bulwark.dev/evidence/v1',
    cluster: cluster.spec.name,
    kubernetesVersion: cluster.release.kubernetes,
    profile: cluster.spec.profile,
    at: now.toISOString(),
    controls: verdicts,
    rows: judged.flatMap(({ rows }) => rows),
    areas: Object.fromEntries(areas),
    total: count(verdicts.map(({ verdict }) => verdict)),
    warnings: [
      ...judged.flatMap(({ warnings }) => warnings),
      ...cluster.waivers
        .filter((waiver) => !valid.includes(waiver))
        .map(({ control, expires }) => `the waiver of ${control} expired on ${expires}`),
      ...valid.flatMap((waiver) => reminder(waiver, today)),
      ...observations
        .filter(({ node }) => !cluster.spec.nodes.some(({ name }) => name === node))
        .map(({ node }) => `${node} was observed and is not in the spec`),
    ],
    ...(bundleSha256 !== undefined && { bundleSha256 }),
  };
}

/** Says that a waiver is about to end. */
function reminder({ control, owner, expires }: Waiver, today: string): readonly string[] {
  if (expires === undefined) return [];
  const days = Math.round((Date.parse(expires) - Date.parse(today)) / 86_400_000);
  if (days > reminderDays) return [];
  const left = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
  return [`the waiver of ${control} by ${owner} ends ${left}, on ${expires}`];
}

function judgeControl(
  control: Control,
  waivers: readonly Waiver[],
  { cluster }: Resolution,
  observations: readonly NodeObservations[],
  { locate }: JudgeOptions,
) {
  const nodesOf = ({ scope }: AnyCheck) =>
    cluster.spec.nodes.filter(({ role }) => scope === 'node' || scope === role).map(({ name }) => name);
  const rows = control.checks(cluster).flatMap((check) => {
    const places = check.scope === 'cluster' ? [check.node ?? 'cluster'] : nodesOf(check);
    if (places.length === 0) {
      const seen: Seen = { verdict: 'not-applicable', observed: `no ${check.scope} in the spec` };
      return [row(control, check, 'cluster', seen)];
    }
    return places.map((where) => {
      const found = find(check, where, observations);
      const waiver = waivers.find(({ nodes }) => nodes === undefined || nodes.includes(where));
      const judged = row(control, check, where, judge(check, found), found, waiver);
      return locate ? { ...judged, location: locate(control, where) } : judged;
    });
  });
  const { id, title, severity, stops, threats } = control;
  const evidence: ControlEvidence = {
    id,
    title,
    severity,
    verdict: worst(rows.map(({ verdict }) => verdict)),
    sources: sourcesOf(control),
    stops,
    threats,
    waivers: waivers.map(({ reason, owner, expires, nodes, compensation }) => ({
      reason,
      owner,
      expires,
      nodes,
      compensation,
    })),
  };
  const unused = waivers.filter(({ nodes }) =>
    rows
      .filter(({ verdict, where }) => verdict === 'waived' && (nodes === undefined || nodes.includes(where)))
      .every(({ seen }) => seen === 'pass' || seen === 'not-applicable'),
  );
  const warnings = unused.map(({ nodes }) => {
    const on = nodes ? ` on ${nodes.join(', ')}` : '';
    return `the waiver of ${id}${on} is unused: the control holds`;
  });
  return { evidence, rows, warnings };
}

const sourcesOf = ({ sources }: Control): readonly string[] => sources.map(({ list, id }) => `${list} ${id}`);

function row(
  control: Control,
  check: AnyCheck,
  where: string,
  { verdict, observed, explained }: Seen,
  found?: Found,
  waiver?: Waiver,
): EvidenceRow {
  return {
    control: control.id,
    scope: check.scope,
    where,
    verdict: waiver ? 'waived' : verdict,
    expected: check.expected,
    observed: redact(observed),
    strength: check.strength,
    ...(waiver && { seen: verdict, waiverScope: waiver.nodes ?? 'all' }),
    ...(explained !== undefined && { explained }),
    ...(found && { at: found.at, proof: proofOf(probeKey(check.probe), found.observation) }),
    sources: sourcesOf(control),
    stops: control.stops,
  };
}

/** What is seen once is seen on a control plane. */
function find(check: AnyCheck, where: string, observations: readonly NodeObservations[]): Found | undefined {
  const key = probeKey(check.probe);
  return observations
    .filter(({ node, role }) => (check.scope === 'cluster' ? role === 'control-plane' : node === where))
    .flatMap(({ at, observations: seen }): Found[] => {
      const observation = Object.hasOwn(seen, key) ? seen[key] : undefined;
      return observation === undefined ? [] : [{ observation, at }];
    })[0];
}

function judge(check: AnyCheck, found: Found | undefined): Seen {
  if (found === undefined) {
    return { verdict: 'not-observed', observed: 'nothing was collected', explained: false };
  }
  const { observation, at } = found;
  // What comes from a node may have any shape: only what has one of the two agreed on is read.
  if (typeof observation !== 'object' || observation === null) return malformed('it is no object');
  if ('unseen' in observation) {
    if (typeof observation.unseen !== 'string') return malformed('it does not say why nothing was seen');
    return { verdict: 'not-observed', observed: observation.unseen, explained: observation.unseen !== '' };
  }
  if (observation.fact === undefined) return malformed('it holds no fact');
  try {
    // The probe's key ties the fact to its kind, which the type of a list of checks has lost.
    const judgement = (check.judge as (fact: unknown, at: string) => Judgement)(observation.fact, at);
    return typeof judgement.observed === 'string' ? judgement : malformed('a text in it is none');
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error));
  }
}

const malformed = (why: string): Seen => ({ verdict: 'error', observed: `the observation is malformed: ${why}` });
