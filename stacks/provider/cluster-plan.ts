import { isDeepStrictEqual } from 'node:util';
import { formatIssue, HardeningError } from '../../lib/errors';
import type { Resolution } from '../../lib/resolve';
import { type Weakening, weakenings } from '../../lib/weakenings';
import { type RenderedCluster, renderCluster, resolveApplied } from './cluster-files';
import { type ClusterInputs, inputsOf } from './cluster-inputs';
import { type HardeningPlan, hardeningPlan } from './hardening-plan';
import { leavingOf } from './leaving-workers';
import type { Checked, Properties, Refusal, Say } from './resource';

/** Renders what the cluster will be, names who leaves it, and refuses what is wrong or takes controls away. Connects to nothing. */
export function planCluster(olds: Properties, news: Properties, say: Say): Checked {
  try {
    const rendered = renderCluster(inputsOf(news).spec);
    sayWhoLeaves(olds, inputsOf(news), say);
    const plan = hardeningPlan(rendered.resolution, rendered.bundle);
    return { inputs: { ...news, plan }, refusals: refusedWeakenings(olds, inputsOf(news), rendered, plan, say) };
  } catch (error) {
    return { inputs: news, refusals: refusalsOf(error) };
  }
}

/** A preview names the machines that the update resets. */
function sayWhoLeaves(olds: Properties, news: ClusterInputs, say: Say): void {
  const { workers, forgotten } = leavingOf(olds, news);
  for (const { name, address } of workers) {
    say(`${name} leaves the cluster: drain, reset of the machine at ${address}, delete`, 'warning');
  }
  for (const name of forgotten) say(`${name} is forgotten: delete; its machine is not reset`, 'warning');
}

/** What an update may not give up. What it may is said: a preview shows it beside the resource. */
function refusedWeakenings(
  olds: Properties,
  news: ClusterInputs,
  { resolution }: RenderedCluster,
  plan: HardeningPlan,
  say: Say,
): readonly Refusal[] {
  if (olds.spec === undefined || isDeepStrictEqual(olds.spec, news.spec)) return [];
  const found = foundWeakenings(olds, plan, resolution);
  const refused = news.allowWeaker === true ? [] : found.filter(({ waived }) => !waived);
  for (const weakening of found) {
    if (!refused.includes(weakening)) say(`gets weaker: ${weakening.of} ${weakening.message}`, 'warning');
  }
  return refused.map(({ of, message }) => ({
    property: 'spec',
    reason: `the cluster would get weaker: ${of} ${message}. Add a waiver, or allow it with allowWeaker`,
  }));
}

/** Where this release does not read the spec of the last one, what that one planned is left to compare with. */
function foundWeakenings(olds: Properties, plan: HardeningPlan, resolution: Resolution): readonly Weakening[] {
  try {
    return weakenings(resolveApplied(inputsOf(olds).spec).resolution, resolution);
  } catch (error) {
    if (!(error instanceof HardeningError)) throw error;
    const { controls } = olds.plan as HardeningPlan;
    return Object.entries(controls)
      .filter(([id, before]) => !before.startsWith('waived') && plan.controls[id] !== 'on')
      .map(([of]) => ({ of, message: plan.controls[of] ?? 'is off', waived: plan.controls[of] !== undefined }));
  }
}

function refusalsOf(error: unknown): readonly Refusal[] {
  if (!(error instanceof HardeningError)) throw error;
  return error.issues.map(({ path, ...issue }) => ({
    property: path === 'forgetNodes' ? path : ['spec', path].filter(Boolean).join('.'),
    reason: formatIssue(issue),
  }));
}
