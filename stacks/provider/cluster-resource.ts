import { isDeepStrictEqual } from 'node:util';
import { applyCluster, type PlaybookEvent, resetCluster } from '../../apply';
import { formatIssue, HardeningError } from '../../lib/errors';
import { type Evidence, isUnproven, judgeCluster, type Verdict, worst } from '../../lib/evidence';
import { publicEndpoint } from '../../lib/gateway';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { weakenings } from '../../lib/weakenings';
import { observeCluster } from '../../observe';
import { artifactRequest } from '../artifact-request';
import { bundleDigest, layBundle } from '../cluster-bundle';
import { type RenderedCluster, renderCluster } from './cluster-files';
import { hardeningPlan } from './hardening-plan';
import { execKubeconfig, readCertificateAuthority } from './kubeconfig';
import { hasUnknown, type Properties, type Refusal, type Resource, type Say, unknown } from './resource';

/** What a program gives. */
export interface ClusterInputs {
  readonly spec: ClusterSpecInput;
  /** Where the bundle and what comes back from the nodes is kept on this computer; nothing in it is needed later. */
  readonly stateDirectory: string;
  /** Node software that is there already. @default built or taken from the cache as the spec says */
  readonly artifactsDirectory?: string;
  /** Lets an update take controls away without a waiver. @default false */
  readonly allowWeaker?: boolean;
  /** Lets a deletion take the cluster off its nodes. @default false */
  readonly destroyCluster?: boolean;
}

const inputNames = ['spec', 'stateDirectory', 'artifactsDirectory', 'allowWeaker', 'destroyCluster', 'plan'];

/** Drift by control: what is wrong, and where. */
type Drift = Readonly<Record<string, string>>;

const inputsOf = (properties: Properties) => properties as unknown as ClusterInputs;

/** A cluster on machines that exist: `bulwark:index:Cluster`. */
export const clusterResource: Resource = {
  check(olds, news, say) {
    // Nodes that are made in the same update are not known in its preview.
    if (hasUnknown(news.spec)) return { inputs: { ...news, plan: unknown }, refusals: [] };
    try {
      const rendered = renderCluster(inputsOf(news).spec);
      const plan = hardeningPlan(rendered.resolution, rendered.bundle);
      return { inputs: { ...news, plan }, refusals: refusedWeakenings(olds, inputsOf(news), rendered, say) };
    } catch (error) {
      return { inputs: news, refusals: refusalsOf(error) };
    }
  },

  differs(state, inputs) {
    return Object.keys(inputs).some((key) => !isDeepStrictEqual(state[key], inputs[key])) || hasDrift(state);
  },

  shownBy: { spec: ['plan', 'kubeconfig', 'drift'] },

  idOf: (inputs) => inputsOf(inputs).spec.name,

  create: (inputs, say) => apply(inputs, say),

  async read(_id, state, say) {
    const { spec, stateDirectory } = inputsOf(state);
    const evidence = await observe(renderCluster(spec), stateDirectory, say);
    const drift = driftOf(evidence);
    for (const [control, what] of Object.entries(drift)) say(`drift: ${control}: ${what}`, 'warning');
    const plan = planWithDrift(state.plan as Properties, drift);
    const seen = { ...state, plan, evidence: laterSummary(state.evidence as Properties, evidence), drift };
    return { state: seen, inputs: Object.fromEntries(inputNames.flatMap((name) => entryOf(seen, name))) };
  },

  async update(_id, state, inputs, say) {
    const asked = (['spec', 'plan'] as const).some((key) => !isDeepStrictEqual(state[key], inputs[key]));
    // Where only what concerns the program changed, the nodes need not be asked.
    if (!asked && !hasDrift(state) && state.bundleDigest !== undefined) return { ...state, ...inputs };
    return apply(inputs, say, state);
  },

  async delete(id, state, say) {
    const { spec, stateDirectory, destroyCluster = false } = inputsOf(state);
    if (!destroyCluster) {
      say(`${id} goes on running on its nodes, because destroyCluster is not set; \`bulwark reset\` takes it off them`);
      return;
    }
    const bundleDirectory = layBundle(renderCluster(spec).bundle, stateDirectory);
    await resetCluster({ bundleDirectory, stateDirectory, onEvent: progress(say) });
  },
};

/** What an update may not give up. What it may is said: a preview shows it beside the resource. */
function refusedWeakenings(
  olds: Properties,
  news: ClusterInputs,
  { resolution }: RenderedCluster,
  say: Say,
): readonly Refusal[] {
  if (olds.spec === undefined || isDeepStrictEqual(olds.spec, news.spec)) return [];
  const before = renderCluster(inputsOf(olds).spec).resolution;
  const found = weakenings(before, resolution);
  const refused = news.allowWeaker === true ? [] : found.filter(({ waived }) => !waived);
  for (const weakening of found) {
    if (!refused.includes(weakening)) say(`gets weaker: ${weakening.of} ${weakening.message}`, 'warning');
  }
  return refused.map(({ of, message }) => ({
    property: 'spec',
    reason: `the cluster would get weaker: ${of} ${message}. Add a waiver, or allow it with allowWeaker`,
  }));
}

function refusalsOf(error: unknown): readonly Refusal[] {
  if (!(error instanceof HardeningError)) throw error;
  return error.issues.map(({ path, ...issue }) => ({
    property: path ? `spec.${path}` : 'spec',
    reason: formatIssue(issue),
  }));
}

/** Brings the nodes to what the inputs say, and proves it. */
async function apply(properties: Properties, say: Say, before: Properties = {}): Promise<Properties> {
  const { spec, stateDirectory, artifactsDirectory } = inputsOf(properties);
  const rendered = renderCluster(spec);
  const { cluster } = rendered.resolution;
  for (const warning of rendered.warnings) say(warning, 'warning');
  const bundleDirectory = layBundle(rendered.bundle, stateDirectory);
  const artifacts = artifactsDirectory ?? (await obtainArtifacts(rendered, say));
  const request = { bundleDirectory, stateDirectory, onEvent: progress(say) };
  const applied = await applyCluster({ ...request, artifactsDirectory: artifacts });
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
  const { host, port } = publicEndpoint(cluster);
  const endpoint = `https://${host}:${port}`;
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
  return { ...plan, controls: { ...controls, ...Object.fromEntries(drifted) } };
}

const hasDrift = ({ drift }: Properties) => drift !== undefined && Object.keys(drift as Drift).length > 0;

const entryOf = (from: Properties, name: string): [string, unknown][] =>
  from[name] === undefined ? [] : [[name, from[name]]];

/** Shows what a playbook does. */
function progress(say: Say): (event: PlaybookEvent) => void {
  return (event) => {
    if (event.event === 'task') say(event.task, 'ephemeral');
    else if (event.event === 'progress') say(event.node ? `${event.node}: ${event.text}` : event.text, 'ephemeral');
  };
}
