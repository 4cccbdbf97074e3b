import type { AnyCheck, Judgement } from '../checks/check';
import { type NodeObservations, type Observation, probeKey } from '../checks/probe';
import type { Control } from '../controls/control';
import type { Resolution } from '../resolve';
import type { Waiver } from '../spec/cluster-spec';
import { type ControlEvidence, count, type Evidence, type EvidenceRow, worst } from './evidence';

/** What a row says before waivers are laid over it. */
type Seen = Pick<EvidenceRow, 'observed' | 'explained'> & { readonly verdict: NonNullable<EvidenceRow['seen']> };

/**
 * Judges what was observed on a cluster against the controls of its spec.
 *
 * @param observations of the nodes; a node that is missing makes its rows `not-observed`
 * @param now decides which waivers are valid
 */
export function judgeCluster(
  resolution: Resolution,
  observations: readonly NodeObservations[],
  { now }: { readonly now: Date },
): Evidence {
  const { cluster, controls } = resolution;
  const today = now.toISOString().slice(0, 10);
  const valid = cluster.waivers.filter(({ expires }) => expires === undefined || expires >= today);
  const judged = controls.map((control) => {
    const waivers = valid.filter((waiver) => waiver.control === control.id);
    return judgeControl(control, waivers, resolution, observations);
  });
  const verdicts = judged.map(({ evidence }) => evidence);
  const areaOf = ({ id }: ControlEvidence) => id.slice(0, id.indexOf('/'));
  const areas = [...new Set(verdicts.map(areaOf))].map((area) => {
    const members = verdicts.filter((control) => areaOf(control) === area);
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
      ...observations
        .filter(({ node }) => !cluster.spec.nodes.some(({ name }) => name === node))
        .map(({ node }) => `${node} was observed and is not in the spec`),
    ],
  };
}

function judgeControl(
  control: Control,
  waivers: readonly Waiver[],
  { cluster }: Resolution,
  observations: readonly NodeObservations[],
) {
  const nodesOf = ({ scope }: AnyCheck) =>
    cluster.spec.nodes.filter(({ role }) => scope === 'node' || scope === role).map(({ name }) => name);
  const rows = control.checks(cluster).flatMap((check) => {
    const places = check.scope === 'cluster' ? [check.node ?? 'cluster'] : nodesOf(check);
    if (places.length === 0) {
      return [row(control, check, 'cluster', { verdict: 'not-applicable', observed: `no ${check.scope} in the spec` })];
    }
    return places.map((where) => {
      const seen = judge(check, find(check, where, observations));
      const waived = waivers.some(({ nodes }) => nodes === undefined || nodes.includes(where));
      return row(control, check, where, seen, waived);
    });
  });
  const { id, title, severity, stops } = control;
  const [waiver] = waivers;
  const evidence: ControlEvidence = {
    id,
    title,
    severity,
    verdict: worst(rows.map(({ verdict }) => verdict)),
    sources: control.sources.map((source) => `${source.list} ${source.id}`),
    stops,
    ...(waiver && {
      waiver: { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires, nodes: waiver.nodes },
    }),
  };
  const waivedRows = rows.filter(({ verdict }) => verdict === 'waived');
  const unused = waiver && waivedRows.every(({ seen }) => seen === 'pass' || seen === 'not-applicable');
  return { evidence, rows, warnings: unused ? [`the waiver of ${id} is unused: the control holds`] : [] };
}

function row(control: Control, check: AnyCheck, where: string, seen: Seen, waived = false): EvidenceRow {
  const { verdict, observed, explained } = seen;
  return {
    control: control.id,
    where,
    verdict: waived ? 'waived' : verdict,
    expected: check.expected,
    observed,
    strength: check.strength,
    ...(waived && { seen: verdict }),
    ...(explained !== undefined && { explained }),
  };
}

/** What is seen once is seen on a control plane. */
function find(check: AnyCheck, where: string, observations: readonly NodeObservations[]): Observation | undefined {
  const key = probeKey(check.probe);
  return observations
    .filter(({ node, role }) => (check.scope === 'cluster' ? role === 'control-plane' : node === where))
    .map((place) => place.observations[key])
    .find((observation) => observation !== undefined);
}

function judge(check: AnyCheck, observation: Observation | undefined): Seen {
  if (observation === undefined) {
    return { verdict: 'not-observed', observed: 'nothing was collected', explained: false };
  }
  if ('unseen' in observation) {
    return { verdict: 'not-observed', observed: observation.unseen, explained: observation.unseen !== '' };
  }
  try {
    // The probe's key ties the fact to its kind, which the type of a list of checks has lost.
    return (check.judge as (fact: unknown) => Judgement)(observation.fact);
  } catch (error) {
    return {
      verdict: 'error',
      observed: `the observation is malformed: ${error instanceof Error ? error.message : error}`,
    };
  }
}
