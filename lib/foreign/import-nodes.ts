import { at, list, show } from '../checks/values';
import type { Json } from '../settings/setting';
import type { ClusterSpecInput } from '../spec/cluster-spec';
import { type ClusterFacts, factOf } from './cluster-facts';
import type { Taken } from './taken';

type NodeInput = ClusterSpecInput['nodes'][number];
type NodeFields = Pick<NodeInput, 'labels' | 'taints'>;

const controlPlaneTaint = 'node-role.kubernetes.io/control-plane';
/** Keys that Kubernetes and the network write themselves. */
const isTheirs = (key: string): boolean => /(^|\.)(kubernetes|k8s|cilium)\.io\//.test(key);

/** Labels and taints that somebody gave the nodes, by node. */
export function nodeFieldsOf(facts: ClusterFacts): Taken<ReadonlyMap<string, NodeFields>> {
  const nodes = factOf(facts.nodes) ?? [];
  const fields = nodes.map((node) => {
    const labels = Object.entries((at(node, 'metadata.labels') ?? {}) as Record<string, Json>).filter(
      ([key]) => !isTheirs(key),
    );
    const taints = list(at(node, 'spec.taints')).filter((taint) => !isTheirs(show(at(taint, 'key'))));
    return [
      show(at(node, 'metadata.name')),
      {
        ...(labels.length > 0 && { labels: Object.fromEntries(labels.map(([key, value]) => [key, `${value}`])) }),
        ...(taints.length > 0 && { taints: taints.map(taintOf) }),
      },
    ] as const;
  });
  const open = nodes
    .filter((node) => at(node, `metadata.labels.[${controlPlaneTaint}]`) !== undefined)
    .filter((node) => !list(at(node, 'spec.taints')).some((taint) => at(taint, 'key') === controlPlaneTaint))
    .map((node) => show(at(node, 'metadata.name')));
  return {
    value: new Map(fields),
    lost: open.length > 0 ? [`workloads run on ${open.join(', ')}: control planes of a spec take none`] : [],
    unread: [],
  };
}

function taintOf(taint: Json): NonNullable<NodeFields['taints']>[number] {
  const value = at(taint, 'value');
  return {
    key: show(at(taint, 'key')),
    ...(typeof value === 'string' && value !== '' && { value }),
    effect: show(at(taint, 'effect')) as 'NoSchedule',
  };
}

const enforced = 'pod-security.kubernetes.io/enforce';
const isOfKubernetes = (name: string): boolean => name === 'default' || /^(kube|cilium)-/.test(name);

/** Namespaces that enforce `restricted`; a lower level needs a reason that only people have. */
export function namespacesOf(facts: ClusterFacts): Taken<NonNullable<ClusterSpecInput['namespaces']>> {
  const found = (factOf(facts.namespaces) ?? [])
    .map((namespace) => ({
      name: show(at(namespace, 'metadata.name')),
      level: at(namespace, `metadata.labels.[${enforced}]`),
    }))
    .filter(({ name }) => !isOfKubernetes(name));
  const lower = found.filter(({ level }) => level !== 'restricted');
  return {
    value: found.filter(({ level }) => level === 'restricted').map(({ name }) => ({ name, level: 'restricted' })),
    lost: lower.map(
      ({ name, level }) =>
        `namespace ${name} enforces ${level ?? 'no Pod Security level'}: add it, with a waiver where it cannot be restricted`,
    ),
    unread: 'unseen' in facts.namespaces ? [`namespaces: ${facts.namespaces.unseen}`] : [],
  };
}
