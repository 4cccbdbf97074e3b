import { type NodeObservations, nodeAddress, type Observation, type Probe } from '../checks/probe';
import type { ResolvedCluster } from '../resolved-cluster';
import type { ClusterFacts } from './cluster-facts';
import { factOf } from './cluster-facts';
import { processesOf } from './static-pods';

/** A probe under its key, for one node. */
export interface PlacedProbe {
  readonly node: string;
  readonly key: string;
  readonly probe: Probe;
}

/** The probes of a resolution, as the bundle's `checks.json` holds them. */
interface ProbePlan {
  readonly nodes: Readonly<Record<string, readonly Omit<PlacedProbe, 'node'>[]>>;
  readonly cluster: readonly Omit<PlacedProbe, 'node'>[];
}

const ofApi: ReadonlySet<string> = new Set(['objects', 'access', 'dry-run', 'configz']);

/** Who can look: a node over SSH, the operator with the kubeconfig, or only through the canary. */
export type Place = 'node' | 'api' | 'canary';

export function placeOf(probe: Probe): Place {
  if (probe.kind === 'audit-canary') return 'canary';
  return ofApi.has(probe.kind) || (probe.kind === 'http' && probe.client === 'admin') ? 'api' : 'node';
}

/** Every probe with the node whose observations it belongs to; what is seen once belongs to the first control plane. */
export function placedProbes(plan: ProbePlan, { controlPlanes }: ResolvedCluster): readonly PlacedProbe[] {
  const first = controlPlanes[0]?.name ?? '';
  return [
    ...Object.entries(plan.nodes).flatMap(([node, probes]) => probes.map((item) => ({ ...item, node }))),
    ...plan.cluster.map((item) => ({ ...item, node: first })),
  ];
}

/**
 * The probe of an API server's own port with the address of the kubeconfig, for a control plane that nobody logs in to;
 * undefined for any other probe.
 */
export function throughKubeconfig(probe: Probe, server: string): Probe | undefined {
  const own = `${nodeAddress}:6443`;
  if (probe.kind === 'http' && probe.client !== 'kubelet' && probe.url.includes(own)) {
    return { ...probe, url: probe.url.replace(own, server) };
  }
  return probe.kind === 'tls' && probe.address === own ? { ...probe, address: server } : undefined;
}

/** What the mirror pods of a control plane say about a probe of one of its programs. */
export function fromStaticPods({ node, probe }: PlacedProbe, facts: ClusterFacts): Observation | undefined {
  if (probe.kind !== 'process') return undefined;
  const fact = processesOf(factOf(facts.staticPods) ?? [], node, probe.name);
  return fact.length > 0 ? { fact } : undefined;
}

/**
 * Puts together what was seen in several ways: the first fact counts, else the first reason.
 *
 * @param ways for each probe, in the order of their weight
 * @param at ISO 8601
 */
export function assemble(
  { spec }: ResolvedCluster,
  probes: readonly PlacedProbe[],
  ways: (probe: PlacedProbe) => readonly (Observation | undefined)[],
  at: string,
): readonly NodeObservations[] {
  return spec.nodes.map(({ name, role }) => ({
    node: name,
    role,
    at,
    observations: Object.fromEntries(
      probes
        .filter(({ node }) => node === name)
        .map((placed) => {
          const seen = ways(placed).filter((one) => one !== undefined);
          return [placed.key, seen.find((one) => 'fact' in one) ?? seen[0] ?? { unseen: 'nobody looked' }];
        }),
    ),
  }));
}
