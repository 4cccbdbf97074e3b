import { isDeepStrictEqual } from 'node:util';
import { formatIssue, HardeningError } from '../../lib/errors';
import { weakenings } from '../../lib/weakenings';
import { resolveSpec } from '../resolve-spec';
import { type RenderedCluster, renderCluster } from './cluster-files';
import { type ClusterInputs, inputsOf } from './cluster-inputs';
import { hardeningPlan } from './hardening-plan';
import { leavingWorkers } from './leaving-workers';
import type { Checked, Properties, Refusal, Say } from './resource';

/** Renders what the cluster will be, names who leaves it, and refuses what is wrong or takes controls away. Connects to nothing. */
export function planCluster(olds: Properties, news: Properties, say: Say): Checked {
  try {
    const rendered = renderCluster(inputsOf(news).spec);
    sayWhoLeaves(olds, inputsOf(news), say);
    const plan = hardeningPlan(rendered.resolution, rendered.bundle);
    return { inputs: { ...news, plan }, refusals: refusedWeakenings(olds, inputsOf(news), rendered, say) };
  } catch (error) {
    return { inputs: news, refusals: refusalsOf(error) };
  }
}

/** A preview names the machines that the update resets. */
function sayWhoLeaves(olds: Properties, { spec }: ClusterInputs, say: Say): void {
  const before = olds.spec === undefined ? [] : inputsOf(olds).spec.nodes;
  for (const { name, address } of leavingWorkers(before, spec.nodes)) {
    say(`${name} leaves the cluster: drain, reset of the machine at ${address}, delete`, 'warning');
  }
}

/** What an update may not give up. What it may is said: a preview shows it beside the resource. */
function refusedWeakenings(
  olds: Properties,
  news: ClusterInputs,
  { resolution }: RenderedCluster,
  say: Say,
): readonly Refusal[] {
  if (olds.spec === undefined || isDeepStrictEqual(olds.spec, news.spec)) return [];
  const before = resolveSpec(inputsOf(olds).spec).resolution;
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
