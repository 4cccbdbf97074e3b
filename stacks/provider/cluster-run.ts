import { isDeepStrictEqual } from 'node:util';
import { applyCluster, type PlaybookEvent, resetCluster } from '../../apply';
import { formatIssue } from '../../lib/errors';
import { type Evidence, isUnproven, judgeCluster, type Verdict, worst } from '../../lib/evidence';
import { publicServer } from '../../lib/gateway';
import { observeCluster } from '../../observe';
import { artifactRequest } from '../artifact-request';
import { bundleDigest, layBundle } from '../cluster-bundle';
import { type RenderedCluster, renderApplied, renderCluster } from './cluster-files';
import { type Drift, inputsOf } from './cluster-inputs';
import { execKubeconfig, readCertificateAuthority } from './kubeconfig';
import { leavingOf, removeWorkers } from './leaving-workers';
import type { Properties, Say } from './resource';

/** Brings the nodes to what the inputs say, and proves it. */
export async function apply(properties: Properties, say: Say, before: Properties = {}): Promise<Properties> {
  const { spec, stateDirectory, artifactsDirectory } = inputsOf(properties);
  const rendered = renderCluster(spec);
  const { cluster } = rendered.resolution;
  for (const warning of rendered.warnings) say(formatIssue(warning), 'warning');
  const bundleDirectory = layBundle(rendered.bundle, stateDirectory);
  const artifacts = artifactsDirectory ?? (await obtainArtifacts(rendered, say));
  const request = { bundleDirectory, stateDirectory, onEvent: progress(say) };
  const wanted = { ...request, artifactsDirectory: artifacts };
  const left = await removeWorkers(leavingOf(before, inputsOf(properties)), spec, wanted);
  for (const { name } of left.workers) say(`${name}: left the cluster, and its machine was reset`);
  for (const name of left.forgotten) say(`${name}: was forgotten; its machine was not reset`, 'warning');
  const applied = await applyCluster(wanted);
  for (const { name } of applied.leaving) say(`${name} is in the cluster but not in the spec`, 'warning');
  for (const { name, changes, warnings } of applied.nodes) {
    say(`${name}: ${changes.length === 0 ? 'no change' : `${changes.length} changes`}`);
    for (const warning of warnings) say(`${name}: ${warning}`, 'warning');
  }
  const caCertificate = before.caCertificate ?? (await readCertificateAuthority(request));
  const evidence = await observe(rendered, stateDirectory, say);
  const unproven = evidence.rows.filter(isUnproven);
  if (unproven.length > 0) {
    const rows = unproven.map(({ control, where, observed }) => `${control} on ${where}: ${observed}`);
    throw new Error(`the cluster is there, but not every control holds:\n${rows.join('\n')}`);
  }
  const endpoint = publicServer(cluster);
  return {
    ...properties,
    endpoint,
    caCertificate,
    kubeconfig: execKubeconfig({ endpoint, caCertificate: String(caCertificate), spec: cluster.spec }),
    bundleDigest: bundleDigest(rendered.bundle),
    evidence: summary(evidence),
    nodeStates: Object.fromEntries(cluster.spec.nodes.map(({ name }) => [name, stateOf(name, evidence)])),
    drift: {},
  };
}

async function obtainArtifacts({ resolution }: RenderedCluster, say: Say): Promise<string> {
  const { ensureArtifacts } = await import('../../apply/artifacts');
  const { directory } = await ensureArtifacts(artifactRequest(resolution.cluster), ({ step, detail, fraction }) =>
    say(`${fraction === undefined ? '' : `${Math.round(fraction * 100)} % `}${step}: ${detail}`, 'ephemeral'),
  );
  return directory;
}

async function observe({ resolution, bundle }: RenderedCluster, stateDirectory: string, say: Say): Promise<Evidence> {
  const observations = await observeCluster({
    bundleDirectory: layBundle(bundle, stateDirectory),
    onEvent: progress(say),
  });
  return judgeCluster(resolution, observations, { now: new Date(), bundleSha256: bundleDigest(bundle) });
}

/** How many controls have each verdict, and when that was seen. */
function summary({ total, at, profile }: Evidence): Properties {
  return { ...total, at, profile };
}

/** The summary as it was, where nothing but the time differs: looking again is no change of the cluster. */
function laterSummary(before: Properties, evidence: Evidence): Properties {
  const now = summary(evidence);
  return isDeepStrictEqual({ ...before, at: undefined }, { ...now, at: undefined }) ? before : now;
}

/** The most pressing verdict on a node. */
function stateOf(node: string, { rows }: Evidence): Verdict {
  return worst(rows.filter(({ where }) => where === node).map(({ verdict }) => verdict));
}

/** What is wrong now, by control. */
function driftOf({ rows }: Evidence): Drift {
  const drift: Record<string, string> = {};
  for (const { control, where, observed, expected } of rows.filter(isUnproven)) {
    drift[control] = [drift[control], `${where}: ${observed}, expected ${expected}`].filter(Boolean).join('; ');
  }
  return drift;
}

/** The plan that a drifted cluster answers to: its difference to the program's own is what an update repairs. */
function planWithDrift(plan: Properties, drift: Drift): Properties {
  const controls = plan.controls as Readonly<Record<string, string>>;
  const drifted = Object.entries(drift).map(([control, seen]) => [control, `drifted: ${seen}`]);
  if (drifted.length === 0) return plan;
  return { ...plan, by: 'pulumi refresh', controls: { ...controls, ...Object.fromEntries(drifted) } };
}

/** Shows what a playbook does. */
export function progress(say: Say): (event: PlaybookEvent) => void {
  return (event) => {
    if (event.event === 'task') say(event.task, 'ephemeral');
    else if (event.event === 'progress') say(event.node ? `${event.node}: ${event.text}` : event.text, 'ephemeral');
  };
}

/** Looks at the running cluster, and says what is not as it should be. */
export async function look(state: Properties, say: Say): Promise<Properties> {
  const { spec, stateDirectory } = inputsOf(state);
  const evidence = await observe(renderApplied(spec), stateDirectory, say);
  const drift = driftOf(evidence);
  for (const [control, what] of Object.entries(drift)) say(`drift: ${control}: ${what}`, 'warning');
  const plan = planWithDrift(state.plan as Properties, drift);
  return { ...state, plan, evidence: laterSummary(state.evidence as Properties, evidence), drift };
}

/** Takes the cluster off its nodes. */
export async function reset(state: Properties, say: Say): Promise<void> {
  const { spec, stateDirectory } = inputsOf(state);
  const bundleDirectory = layBundle(renderApplied(spec).bundle, stateDirectory);
  await resetCluster({ bundleDirectory, stateDirectory, onEvent: progress(say) });
}
