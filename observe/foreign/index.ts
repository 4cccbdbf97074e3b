import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlaybookEvent } from '../../apply';
import { readInventory } from '../../apply/read-inventory';
import { probePlan } from '../../kubeadm/bundle/checks';
import { type AuditCanaryFact, type NodeObservations, type Observation, probeKey } from '../../lib/checks/probe';
import { catalogue } from '../../lib/controls/registry';
import type { ClusterFacts, Seen } from '../../lib/foreign/cluster-facts';
import { type DescribeOptions, describeCluster, type ForeignCluster } from '../../lib/foreign/describe-cluster';
import {
  assemble,
  fromStaticPods,
  type PlacedProbe,
  placedProbes,
  placeOf,
  throughKubeconfig,
} from '../../lib/foreign/observation-plan';
import type { ProfileName } from '../../lib/profiles/profile';
import { type Resolution, resolve } from '../../lib/resolve';
import { ApiProxy, type KubeconfigRequest, readKubeconfig } from './api-proxy';
import { type Canary, makeCanary, removeCanary } from './canary';
import { type Collected, type CollectRequest, collect } from './collect';
import { discoverCluster } from './discover';

/** What `observeForeignCluster` is asked for. */
export interface ForeignRequest extends KubeconfigRequest {
  /** Inventory of the nodes, as Ansible reads it. @default only the API server is asked */
  readonly inventory?: string;
  /** Name for the evidence. @default that of the cluster in the kubeconfig */
  readonly name?: string;
  readonly profile: ProfileName;
  /** What the cluster is taken for. @default `describeCluster` */
  readonly describe?: (facts: ClusterFacts, options: DescribeOptions) => ForeignCluster;
  /** Files of the first control plane whose text is wanted. @default none */
  readonly texts?: (facts: ClusterFacts, cluster: ForeignCluster) => readonly string[];
  /** Whether a Secret may be made and deleted again. */
  readonly canary: boolean;
  /** @default `$BULWARK_CACHE`, else `$XDG_CACHE_HOME/bulwark`, else `~/.cache/bulwark` */
  readonly cacheDirectory?: string;
  readonly onEvent?: (event: PlaybookEvent) => void;
}

/** A cluster that somebody else built, as it was found. */
export interface ForeignObservation {
  readonly facts: ClusterFacts;
  readonly cluster: ForeignCluster;
  readonly resolution: Resolution;
  readonly observations: readonly NodeObservations[];
  /** The texts that were wanted, by path; null where there is no such file. */
  readonly texts: ReadonlyMap<string, Seen<string | null>>;
  readonly warnings: readonly string[];
}

/**
 * Looks at a kubeadm cluster without a spec: what it is, and what the controls of the profile want to know of it.
 * Changes nothing, unless a canary is asked for.
 *
 * @throws HardeningError of kind `usage`, `unreachable`, `apply` or `prerequisite`
 */
export async function observeForeignCluster(request: ForeignRequest): Promise<ForeignObservation> {
  const report = (text: string) => request.onEvent?.({ event: 'progress', text });
  const [{ name, server }, hosts] = await Promise.all([
    readKubeconfig(request),
    request.inventory === undefined ? undefined : readInventory(request.inventory, report, request.cacheDirectory),
  ]);
  const directory = await mkdtemp(join(tmpdir(), 'bulwark-observe-'));
  const api = await ApiProxy.start(request, directory);
  try {
    const facts = await discoverCluster(api);
    const describe = request.describe ?? describeCluster;
    const cluster = describe(facts, { name: request.name ?? name, profile: request.profile, hosts });
    const resolution = resolve(cluster.spec, catalogue, cluster.seen);
    const probes = placedProbes(probePlan(resolution), resolution.cluster);
    const { endpoint } = resolution.cluster;
    const wanted = (request.texts?.(facts, cluster) ?? []).map((path) => {
      const probe = { kind: 'file-text', path } as const;
      return { node: resolution.cluster.controlPlanes[0]?.name ?? '', key: probeKey(probe), probe };
    });
    const substitutes = substitutesOf(probes, cluster, authorityOf(server));
    const common = {
      directory,
      inventory: request.inventory,
      hosts: new Map([...cluster.hosts].map(([node, host]) => [node, host.name])),
      nodes: cluster.spec.nodes,
      endpoint: `${endpoint.host}:${endpoint.port}`,
      socket: api.socket,
      cacheDirectory: request.cacheDirectory,
      onEvent: request.onEvent,
    };
    const warnings: string[] = [];
    const canary = request.canary ? await makeCanary(api) : 'no canary Secret is made without --canary';
    let collected: Collected;
    try {
      collected = await collect({
        ...common,
        onNodes: [...probes.filter(({ probe }) => placeOf(probe) === 'node'), ...wanted],
        fromHere: [...probes.filter(({ probe }) => placeOf(probe) === 'api'), ...substitutes.values()],
        canary,
      });
    } finally {
      const left = typeof canary === 'object' ? await removeCanary(api, canary) : undefined;
      if (left) warnings.push(left);
    }
    const audit = await auditTrail(common, probes, cluster, canary);
    const noHost = hosts ? 'the inventory has no host for this node' : 'no --inventory was given';
    const ways = (placed: PlacedProbe): readonly (Observation | undefined)[] => {
      const place = placeOf(placed.probe);
      if (place === 'canary') return [audit];
      if (place === 'api') return [collected.fromHere(placed)];
      const substitute = substitutes.get(placed);
      return [
        collected.onNode(placed) ?? { unseen: `no SSH: ${noHost}` },
        substitute && answered(collected.fromHere(substitute)),
        fromStaticPods(placed, facts),
      ];
    };
    const observations = assemble(resolution.cluster, probes, ways, new Date().toISOString());
    const texts = new Map(
      wanted.map((placed) => {
        const seen = collected.onNode(placed) ?? { unseen: `no SSH: ${noHost}` };
        return [placed.probe.path, seen as Seen<string | null>] as const;
      }),
    );
    return { facts, cluster, resolution, observations, texts, warnings: [...cluster.warnings, ...warnings] };
  } finally {
    await api.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** `host:port` of an URL, with the port of its scheme where it names none. */
function authorityOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 443}`;
}

/**
 * What this computer can ask a control plane that nobody logs in to: only the one that the kubeconfig surely leads to.
 */
function substitutesOf(
  probes: readonly PlacedProbe[],
  { spec, hosts }: ForeignCluster,
  server: string,
): ReadonlyMap<PlacedProbe, PlacedProbe> {
  const controlPlanes = spec.nodes.filter(({ role }) => role === 'control-plane');
  const host = server.slice(0, server.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  const led = controlPlanes.length === 1 ? controlPlanes[0] : controlPlanes.find(({ address }) => address === host);
  return new Map(
    probes
      .filter(({ node }) => node === led?.name && !hosts.has(node))
      .flatMap((placed) => {
        const probe = placeOf(placed.probe) === 'node' ? throughKubeconfig(placed.probe, server) : undefined;
        return probe ? [[placed, { ...placed, probe }] as const] : [];
      }),
  );
}

/** From far away, no answer is no finding: anything may lie between. */
function answered(observation: Observation | undefined): Observation | undefined {
  if (observation === undefined || !('fact' in observation)) return observation;
  const { status, error } = observation.fact as { status?: number; error?: string };
  return status === 0 ? { unseen: `no connection from here: ${error}` } : observation;
}

/** What the control planes' audit logs say of the canary; each API server has a log of its own. */
async function auditTrail(
  common: Omit<CollectRequest, 'onNodes' | 'fromHere' | 'canary'>,
  probes: readonly PlacedProbe[],
  { spec, hosts }: ForeignCluster,
  canary: Canary | string,
): Promise<Observation> {
  if (typeof canary === 'string') return { unseen: canary };
  const wanted = probes.find(({ probe }) => placeOf(probe) === 'canary');
  const logs = spec.nodes
    .filter(({ name, role }) => role === 'control-plane' && hosts.has(name))
    .flatMap(({ name }) => (wanted ? [{ ...wanted, node: name }] : []));
  if (logs.length === 0) return { unseen: 'no SSH to a control plane, where the audit log lies' };
  const { onNode } = await collect({ ...common, onNodes: logs, fromHere: [], canary });
  const seen = logs.map((log) => onNode(log) ?? { unseen: 'nobody looked' });
  const blind = seen.find((one) => 'unseen' in one);
  if (blind) return blind;
  const facts = seen.map((one) => ('fact' in one ? one.fact : undefined) as AuditCanaryFact);
  return {
    fact: { events: facts.flatMap(({ events }) => events), bodyLogged: facts.some(({ bodyLogged }) => bodyLogged) },
  };
}
