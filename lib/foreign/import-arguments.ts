import { at, list, show } from '../checks/values';
import type { Json } from '../settings/setting';
import type { ClusterSpecInput } from '../spec/cluster-spec';
import { forbiddenArguments } from '../spec/rules/forbidden-arguments';
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

/** Whether a spec may give a component this argument: no control and not kubeadm decides on it. */
export type IsFree = (component: Component, name: string) => boolean;

/** Arguments that somebody gave the components and that nothing of a spec decides on. */
export function extraArgumentsOf(configuration: Json, isFree: IsFree): Taken<ExtraArguments> {
  const found = (Object.keys(places) as Component[]).flatMap((component) =>
    list(at(configuration, `${places[component]}.extraArgs`)).map((argument) => ({
      component,
      name: show(at(argument, 'name')),
      value: `${at(argument, 'value') ?? ''}`,
    })),
  );
  const free = found.filter(({ component, name }) => isFree(component, name));
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
