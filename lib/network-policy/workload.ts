import { type Fields, fieldsOf, itemsOf, textOf, textsOf } from '../fields';
import type { ObjectReference } from '../lint/finding';
import { isCustom, objectsOf, type PodPlace, podsOf, referenceOf } from '../lint/manifest';
import { type Labels, labelsOf, namespaceNameLabel, selects } from './labels';
import { type ContainerPort, containerPorts } from './ports';

/** What policies know a pod by. */
export interface PodIdentity {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** A pod that may be connected to. */
export interface Listener extends PodIdentity {
  /** Ports that its containers declare; policies may open others, too. */
  readonly ports: readonly ContainerPort[];
}

/** A Pod, or a workload by the pods that it makes. */
export interface Workload extends Listener {
  readonly object: ObjectReference;
  /** Where the pod stands in the object. */
  readonly pod: PodPlace;
  /** Whether it is on its node's network, where no policy holds. */
  readonly hostNetwork: boolean;
  readonly source: Fields;
}

/** Which pods a policy, or one of its peers, is about. */
export interface PodSelector {
  /** Names of their namespaces; without them every namespace that `namespaceSelector` selects. */
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: Fields;
  readonly selector: Fields;
}

/** Namespace of an object that names none. */
export const defaultNamespace = 'default';

/** Cluster DNS as kubeadm makes it: seldom among the manifests, nearly always asked. */
export const clusterDns: Listener = {
  namespace: 'kube-system',
  namespaceLabels: { [namespaceNameLabel]: 'kube-system' },
  labels: { 'k8s-app': 'kube-dns' },
  ports: [
    { name: 'dns', number: 53, protocol: 'UDP' },
    { name: 'dns-tcp', number: 53, protocol: 'TCP' },
  ],
};

/** Namespaces by name where the selector says no more than that. */
export function namespacesOf(namespaceSelector: Fields): Pick<PodSelector, 'namespaces' | 'namespaceSelector'> {
  const name = fieldsOf(namespaceSelector.matchLabels)[namespaceNameLabel];
  const [first, ...others] = itemsOf(namespaceSelector.matchExpressions).map(fieldsOf);
  const isOnlyName = Object.keys(fieldsOf(namespaceSelector.matchLabels)).length === 1 && first === undefined;
  if (typeof name === 'string' && isOnlyName) return { namespaces: [name] };
  const isList =
    Object.keys(fieldsOf(namespaceSelector.matchLabels)).length === 0 &&
    others.length === 0 &&
    first?.key === namespaceNameLabel &&
    first.operator === 'In';
  return isList ? { namespaces: textsOf(first.values) } : { namespaceSelector };
}

export function selectsPod(podSelector: PodSelector, pod: PodIdentity): boolean {
  const { namespaces, namespaceSelector, selector } = podSelector;
  return (
    (namespaces === undefined || namespaces.includes(pod.namespace)) &&
    (namespaceSelector === undefined || selects(namespaceSelector, pod.namespaceLabels)) &&
    selects(selector, pod.labels)
  );
}

/** The workloads of some manifests, found by label without looking at each. */
export class Workloads {
  readonly all: readonly Workload[];
  readonly #byNamespace = new Map<string, Workload[]>();
  readonly #byLabel = new Map<string, Workload[]>();
  readonly #operated: ReadonlySet<string>;

  constructor(manifests: readonly Fields[]) {
    const objects = manifests.flatMap(objectsOf);
    const namespaceLabels = new Map<string, Labels>();
    for (const object of objects.filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1')) {
      namespaceLabels.set(textOf(fieldsOf(object.metadata).name), labelsOf(object.metadata));
    }
    this.all = objects.flatMap((object) => podsOf(object).map((pod) => workloadOf(object, pod, namespaceLabels)));
    this.#operated = new Set(
      objects.filter((object) => isCustom(object) && !isOfCilium(object)).map(({ metadata }) => namespaceOf(metadata)),
    );
    for (const workload of this.all) {
      push(this.#byNamespace, workload.namespace, workload);
      for (const [key, value] of Object.entries(workload.labels)) push(this.#byLabel, `${key}=${value}`, workload);
    }
  }

  /** Whether a namespace's workloads are all here: it has some, and no custom resource of which an operator makes more. */
  knows(namespace: string): boolean {
    return this.#byNamespace.has(namespace) && !this.#operated.has(namespace);
  }

  select(podSelector: PodSelector): readonly Workload[] {
    const labels = Object.entries(fieldsOf(podSelector.selector.matchLabels));
    const lists = labels.map(([key, value]) => this.#byLabel.get(`${key}=${value}`) ?? []);
    // A label that all workloads share tells little: the rarest is searched.
    const [rarest] = lists.sort((one, other) => one.length - other.length);
    const candidates =
      rarest ?? podSelector.namespaces?.flatMap((name) => this.#byNamespace.get(name) ?? []) ?? this.all;
    return candidates.filter((workload) => selectsPod(podSelector, workload));
  }
}

function workloadOf(object: Fields, pod: PodPlace, namespaceLabels: ReadonlyMap<string, Labels>): Workload {
  const namespace = namespaceOf(object.metadata);
  return {
    object: referenceOf(object),
    pod,
    namespace,
    namespaceLabels: { ...namespaceLabels.get(namespace), [namespaceNameLabel]: namespace },
    labels: labelsOf(pod.metadata),
    ports: containerPorts(pod.spec),
    hostNetwork: pod.spec.hostNetwork === true,
    source: object,
  };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function namespaceOf(metadata: unknown): string {
  return textOf(fieldsOf(metadata).namespace) || defaultNamespace;
}

/** Cilium's own kinds are about the network: no operator makes pods of them. */
function isOfCilium({ apiVersion }: Fields): boolean {
  return textOf(apiVersion).startsWith('cilium.io/');
}
