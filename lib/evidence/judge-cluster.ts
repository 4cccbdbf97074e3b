import type { AnyCheck, Judgement } from '../checks/check';
import { type NodeObservations, nodeAddress, type Observation, probeKey } from '../checks/probe';
import type { Control } from '../controls/control';
import type { Resolution } from '../resolve';
import type { ClusterSpec, Waiver } from '../spec/cluster-spec';
import { areaOf, type ControlEvidence, count, type Evidence, type EvidenceRow, type Location, worst } from './evidence';
import { type Excused, excuse, expiryWarnings, type Seen, waiverEvidence, waiverWarnings } from './excuse';
import { proofOf, redact } from './proof';

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
  /** Why a control cannot be seen in a place at all, whatever was collected there. @default all can be seen */
  readonly hidden?: (control: Control, where: string) => string | undefined;
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
  const { now, bundleSha256, locate, hidden } = options;
  const { cluster, controls } = resolution;
  const today = now.toISOString().slice(0, 10);
  const valid = cluster.waivers.filter(({ expires }) => expires === undefined || expires >= today);
  const judged = controls.map((control) => {
    const waivers = valid.filter((waiver) => waiver.control === control.id);
    const rows = judgeControl(control, waivers, resolution, observations, hidden);
    return { control, waivers, rows, verdict: worst(rows.map(({ excused }) => excused.verdict)) };
  });
  const verdictOf = (id: string) => judged.find(({ control }) => control.id === id)?.verdict;
  const shown = (waivers: readonly Waiver[]) => waivers.map((waiver) => waiverEvidence(waiver, verdictOf));
  const verdicts = judged.map(
    ({ control, waivers, verdict }): ControlEvidence => ({
      id: control.id,
      title: control.title,
      severity: control.severity,
      verdict,
      sources: sourcesOf(control),
      stops: control.stops,
      threats: control.threats,
      waivers: shown(waivers),
    }),
  );
  const areas = [...new Set(verdicts.map(({ id }) => areaOf(id)))].map((area) => {
    const members = verdicts.filter(({ id }) => areaOf(id) === area);
    return [area, count(members.map(({ verdict }) => verdict))] as const;
  });
  return {
    schema: 'bulwark.dev/evidence/v1',
    cluster: cluster.spec.name,
    kubernetesVersion: cluster.release.kubernetes,
    profile: cluster.profile.name,
    at: now.toISOString(),
    controls: verdicts,
    rows: judged.flatMap(({ control, rows }) =>
      rows.map((judgedRow): EvidenceRow => {
        const { where, excused } = judgedRow;
        return {
          ...row(control, judgedRow, cluster.spec),
          ...(excused.waivers.length > 0 && { waivers: shown(excused.waivers) }),
          ...(locate && { location: locate(control, where) }),
        };
      }),
    ),
    areas: Object.fromEntries(areas),
    total: count(verdicts.map(({ verdict }) => verdict)),
    warnings: [
      ...judged.flatMap(({ control: { id }, waivers, rows }) =>
        waiverWarnings(
          id,
          waivers,
          rows.map(({ excused }) => excused),
          verdictOf,
        ),
      ),
      ...expiryWarnings(cluster, today),
      ...observations
        .filter(({ node }) => !cluster.spec.nodes.some(({ name }) => name === node))
        .map(({ node }) => `${node} was observed and is not in the spec`),
    ],
    ...(bundleSha256 !== undefined && { bundleSha256 }),
  };
}

/** One check in one place, judged. */
interface JudgedRow {
  readonly check: AnyCheck;
  readonly where: string;
  readonly excused: Excused;
  /** Left out where nothing was seen. */
  readonly found?: Found;
}

function judgeControl(
  control: Control,
  waivers: readonly Waiver[],
  { cluster }: Resolution,
  observations: readonly NodeObservations[],
  hidden: JudgeOptions['hidden'],
): readonly JudgedRow[] {
  const nodesOf = ({ scope }: AnyCheck) =>
    cluster.spec.nodes.filter(({ role }) => scope === 'node' || scope === role).map(({ name }) => name);
  return control.checks(cluster).flatMap((check): readonly JudgedRow[] => {
    const places = check.scope === 'cluster' ? [check.node ?? 'cluster'] : nodesOf(check);
    if (places.length === 0) {
      const seen: Seen = { verdict: 'not-applicable', observed: `no ${check.scope} in the spec` };
      return [{ check, where: 'cluster', excused: { ...seen, waivers: [] } }];
    }
    return places.map((where) => {
      const why = hidden?.(control, where);
      if (why !== undefined) {
        const seen: Seen = { verdict: 'not-observed', observed: why, explained: true };
        return { check, where, excused: excuse(seen, waivers, where) };
      }
      const found = find(check, where, observations);
      return { check, where, excused: excuse(judge(check, found), waivers, where), ...(found && { found }) };
    });
  });
}

const sourcesOf = ({ sources }: Control): readonly string[] => sources.map(({ list, id }) => `${list} ${id}`);

function row(control: Control, { check, where, excused, found }: JudgedRow, spec: ClusterSpec): EvidenceRow {
  const { verdict, seen, observed, explained } = excused;
  const address = spec.nodes.find(({ name }) => name === where)?.address ?? nodeAddress;
  return {
    control: control.id,
    scope: check.scope,
    where,
    verdict,
    expected: check.expected.replaceAll(nodeAddress, address),
    observed: redact(observed),
    strength: check.strength,
    ...(seen && { seen }),
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
