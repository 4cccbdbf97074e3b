import { at, list, show } from '../checks/values';
import type { ClusterSpecInput } from '../spec/cluster-spec';
import { forbiddenArguments } from '../spec/rules/forbidden-arguments';
import { type ClusterFacts, factOf } from './cluster-facts';
import { processesOf } from './static-pods';
import type { Taken } from './taken';

type ExtraArguments = NonNullable<ClusterSpecInput['extraArguments']>;
type Component = keyof ExtraArguments;

/** Where kubeadm's ClusterConfiguration keeps the arguments of each component. */
const places: Readonly<Record<Component, string>> = {
  'kube-apiserver': 'apiServer',
  'kube-controller-manager': 'controllerManager',
  'kube-scheduler': 'scheduler',
  etcd: 'etcd.local',
};

/** What kubeadm writes of itself where a spec may say otherwise. */
const usual: Readonly<Partial<Record<Component, Readonly<Record<string, string>>>>> = {
  etcd: { 'snapshot-count': '10000' },
};

/** What of an argument's value a spec may give: no control and not kubeadm decides on it. */
export type FreeValue = (component: Component, name: string, value: string) => string | undefined;

/** The arguments of a component: what it runs with, else what kubeadm was told. */
export function argumentsOf(facts: ClusterFacts, node: string, component: Component): readonly Argument[] {
  const [process] = processesOf(factOf(facts.staticPods) ?? [], node, component);
  if (process) {
    return process.args.flatMap((arg) => {
      const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
      return name === undefined ? [] : [{ name, value: value ?? 'true' }];
    });
  }
  const told = list(at(factOf(facts.clusterConfiguration), `${places[component]}.extraArgs`));
  return told.map((argument) => ({ name: show(at(argument, 'name')), value: `${at(argument, 'value') ?? ''}` }));
}

interface Argument {
  readonly name: string;
  readonly value: string;
}

/** Arguments that somebody gave the components and that nothing of a spec decides on. */
export function extraArgumentsOf(facts: ClusterFacts, node: string, freeValue: FreeValue): Taken<ExtraArguments> {
  const found = (Object.keys(places) as Component[]).flatMap((component) =>
    argumentsOf(facts, node, component).map((argument) => ({ component, ...argument })),
  );
  const free = found.flatMap(({ component, name, value: given }) => {
    const value = usual[component]?.[name] === given ? undefined : freeValue(component, name, given);
    return value === undefined ? [] : [{ component, name, value }];
  });
  const refusals = free.map(({ component, name, value }) => ({
    text: `${component}: --${name}=${value}`,
    why: refusal(component, name, value),
  }));
  const value: Record<string, Record<string, string>> = {};
  for (const [index, { component, name, value: given }] of free.entries()) {
    if (refusals[index]?.why === undefined) value[component] = { ...value[component], [name]: given };
  }
  return {
    value,
    lost: refusals.flatMap(({ text, why }) => (why === undefined ? [] : [`${text}: ${why}`])),
    unread: [],
  };
}

/** Why no spec takes an argument; OIDC has a place of its own. */
function refusal(component: Component, name: string, value: string): string | undefined {
  const [finding] = forbiddenArguments(
    { extraArguments: { [component]: { [name]: value } } },
    { today: '', controlIds: [] },
  );
  return finding?.message;
}
