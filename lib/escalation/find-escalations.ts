import type { Fields } from '../fields';
import { type Finding, nameOf, type ObjectReference } from '../lint/finding';
import { type Network, readNetwork } from '../network-policy';
import { Cluster, type ClusterOptions } from './cluster';
import { aggregatorIdentity, type Identity } from './rights';
import { describe, type Goal, goals, type State, type Step, stepsFrom } from './steps';

/** A way from somebody to something that they were not given. */
export interface Escalation {
  readonly goal: Goal;
  /** From whom over what to what, a link each. */
  readonly chain: readonly string[];
  readonly finding: Finding;
  /** What the finding is about: the binding that the way begins with, or the workload. */
  readonly object: Fields;
}

/** Who holds every right already, or is the control plane itself. */
const trusted =
  /^(Group (system:masters|system:nodes|kubeadm:cluster-admins)|User system:kube-(controller-manager|scheduler|proxy))$/;

/** Goals after which nothing else is worth a word. */
const total: Goal = 'cluster-admin';

/** Goals that weaken the cluster; the others are warnings. */
const severe: readonly Goal[] = ['cluster-admin', 'node', 'secrets', 'every-pod'];

/**
 * The shortest way from each subject of a binding, and from each pod that is taken over, to each goal: by the rights that
 * the manifests grant, the pods that they make, Pod Security and the network.
 *
 * An over-approximation: Kubernetes may refuse a step for a reason that the manifests do not show. And it sees what it
 * is given: rights, namespaces and service accounts that are elsewhere are not there. A pod that nobody outside its
 * namespace reaches is a warning.
 *
 * @param network what the manifests come to, where it has been read
 * @returns in the order of subjects, then of goals; the same manifests in any order give the same chains
 */
export function findEscalations(
  manifests: readonly Fields[],
  options: ClusterOptions = {},
  network: Network = readNetwork(manifests, options),
): readonly Escalation[] {
  const cluster = new Cluster(manifests, network, options);
  const steps = remembered((state) => stepsFrom(cluster, state));
  const running = new Set(cluster.workloads().map((workload) => cluster.tokenOf(workload)));
  const subjects = [...cluster.grants.keys()]
    // A service account acts through its pods; one without pods here has them elsewhere.
    .filter((identity) => !trusted.test(identity) && identity !== aggregatorIdentity && !running.has(identity))
    .sort();
  const workloads = cluster
    .workloads()
    // From most pods nothing leads anywhere.
    .filter((workload) => steps({ kind: 'workload', workload }).length > 0)
    .sort((a, b) => (nameOf(a.object) < nameOf(b.object) ? -1 : 1));
  return [
    ...subjects.flatMap((identity) => escalationsFrom(cluster, steps, { kind: 'identity', identity })),
    ...workloads.flatMap((workload) => escalationsFrom(cluster, steps, { kind: 'workload', workload })),
  ];
}

function escalationsFrom(
  cluster: Cluster,
  steps: Steps,
  start: Exclude<State, { kind: 'goal' | 'own-pod' }>,
): readonly Escalation[] {
  const ways = waysFrom(steps, start);
  const reached = (Object.keys(goals) as Goal[]).filter((goal) => ways.has(goal));
  if (reached.length === 0) return [];
  const told = reached.includes(total) ? [total] : reached;
  const visitor = start.kind === 'workload' ? cluster.reachedBy(start.workload) : undefined;
  return told.map((goal) => {
    const way = ways.get(goal) ?? [];
    const links = [describe(start), ...way.flatMap(({ does, to }) => [does, describe(to)])];
    const chain = visitor ? [visitor, 'the network', ...links] : links;
    const place = placeOf(cluster, start, way);
    const isFar = start.kind === 'workload' && visitor === undefined;
    return {
      goal,
      chain,
      finding: {
        control: `escalation/${goal}`,
        severity: severe.includes(goal) && !isFar ? 'error' : 'warning',
        message: chain.join(' → '),
        fix: way.find(({ by }) => by)?.fix ?? way[0]?.fix ?? '',
        object: place.object,
        path: place.path,
      },
      object: place.source,
    };
  });
}

/** The binding that the way begins with, or the workload. */
function placeOf(
  cluster: Cluster,
  start: Exclude<State, { kind: 'goal' | 'own-pod' }>,
  way: readonly Step[],
): { readonly object: ObjectReference; readonly source: Fields; readonly path: string } {
  if (start.kind === 'workload') {
    const { object, source, pod } = start.workload;
    return { object, source, path: pod.path };
  }
  const { binding, source, path } = way[0]?.by?.grant ?? firstGrant(cluster, start.identity);
  return { object: binding, source, path };
}

function firstGrant(cluster: Cluster, identity: Identity) {
  const [grant] = cluster.grants.get(identity) ?? [];
  if (!grant) throw new Error(`${identity} has no binding`);
  return grant;
}

type Steps = (state: State) => readonly Step[];

/** Ways from many starts lead through the same states. */
function remembered(steps: Steps): Steps {
  const known = new Map<string, readonly Step[]>();
  return (state) => {
    const key = describe(state);
    const found = known.get(key) ?? steps(state);
    known.set(key, found);
    return found;
  };
}

/** Breadth first, so that the first way to a goal is a shortest one. */
function waysFrom(steps: Steps, start: State): ReadonlyMap<Goal, readonly Step[]> {
  const ways = new Map<Goal, readonly Step[]>();
  const seen = new Set([describe(start)]);
  let front: readonly { readonly state: State; readonly way: readonly Step[] }[] = [{ state: start, way: [] }];
  while (front.length > 0) {
    const next: { state: State; way: readonly Step[] }[] = [];
    for (const { state, way } of front) {
      for (const step of steps(state)) {
        const key = describe(step.to);
        if (seen.has(key)) continue;
        seen.add(key);
        const longer = [...way, step];
        if (step.to.kind === 'goal') ways.set(step.to.goal, longer);
        else next.push({ state: step.to, way: longer });
      }
    }
    front = next;
  }
  return ways;
}
