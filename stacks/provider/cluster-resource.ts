import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { packageRoot, packageVersion } from '../../apply/package-root';
import { type Drift, inputsOf, withNames } from './cluster-inputs';
import { hasUnknown, type Properties, type Resource, unknown } from './resource';

const inputNames = [
  'spec',
  'stateDirectory',
  'artifactsDirectory',
  'forgetNodes',
  'allowWeaker',
  'destroyCluster',
  'plan',
];

/**
 * A cluster on machines that exist: `bulwark:index:Cluster`. What renders a cluster or talks to its nodes is loaded when
 * it is needed: most previews find nothing changed.
 */
export const clusterResource: Resource = {
  async check(olds, given, say, of) {
    const news = withNames(olds, given, of);
    // Nodes that are made in the same update are not known in its preview.
    if (hasUnknown(news.spec)) return { inputs: { ...news, plan: unknown }, refusals: [] };
    if (isCurrent(olds, news)) return { inputs: { ...news, plan: olds.plan }, refusals: [] };
    const { planCluster } = await import('./cluster-plan');
    return planCluster(olds, news, say);
  },

  differs(state, inputs) {
    return Object.keys(inputs).some((key) => !isDeepStrictEqual(state[key], inputs[key])) || hasDrift(state);
  },

  shownBy: { spec: ['plan', 'kubeconfig', 'drift'] },

  idOf: (inputs) => inputsOf(inputs).spec.name,

  groundOf: (properties) =>
    inputsOf(properties)
      .spec.nodes.filter(({ role }) => role === 'control-plane')
      .map(({ address }) => address)
      .join(),

  async create(inputs, say) {
    const { apply } = await import('./cluster-run');
    return apply(inputs, say);
  },

  async read(_id, state, say) {
    const { look } = await import('./cluster-run');
    const seen = await look(state, say);
    return { state: seen, inputs: Object.fromEntries(inputNames.flatMap((name) => entryOf(seen, name))) };
  },

  async update(_id, state, inputs, say) {
    const asked = (['spec', 'plan', 'forgetNodes'] as const).some((key) => !isDeepStrictEqual(state[key], inputs[key]));
    // Where only what concerns the program changed, the nodes need not be asked.
    if (!asked && !hasDrift(state) && state.bundleDigest !== undefined) return { ...state, ...inputs };
    const { apply } = await import('./cluster-run');
    return apply(inputs, say, state);
  },

  // What was to be changed is asked for again: which workers leave is seen by the spec that was.
  unfinished: ({ bundleDigest: _, ...state }) => state,

  async delete(id, state, say) {
    if (!inputsOf(state).destroyCluster) {
      say(`${id} is left on its nodes, because destroyCluster is not set; \`bulwark reset\` takes it off them`);
      return;
    }
    const { reset } = await import('./cluster-run');
    await reset(state, say);
  },
};

/**
 * Whether the last plan still says what the cluster will be: same spec, same release of this package, no waiver that has
 * expired since. In a clone the code may be another, so there everything is rendered.
 */
function isCurrent(olds: Properties, news: Properties): boolean {
  const plan = olds.plan as { readonly by?: string } | undefined;
  if (plan?.by !== packageVersion() || !asksTheSame(olds, news)) return false;
  if (existsSync(join(packageRoot(), 'stacks', 'index.ts'))) return false;
  const today = new Date().toISOString().slice(0, 10);
  return (inputsOf(news).spec.waivers ?? []).every(({ expires }) => expires === undefined || expires >= today);
}

const asksTheSame = (olds: Properties, news: Properties) =>
  isDeepStrictEqual([olds.spec, olds.forgetNodes], [news.spec, news.forgetNodes]);

const hasDrift = ({ drift }: Properties) => drift !== undefined && Object.keys(drift as Drift).length > 0;

const entryOf = (from: Properties, name: string): [string, unknown][] =>
  from[name] === undefined ? [] : [[name, from[name]]];
