import { type Fields, fieldsOf, itemsOf, textOf, textsOf } from '../fields';
import { objectsOf } from '../lint/manifest';
import type { Network, Workload } from '../network-policy';
import type { Peer } from '../network-policy/policy';
import { defaultNamespace } from '../network-policy/workload';
import { accountIdentity, type Grant, grantsOf, type Identity } from './rights';
import { type Action, covers, type Rule } from './rule';

/** Levels of the Pod Security Standards, as a namespace enforces them. */
export type Level = 'restricted' | 'baseline' | 'privileged';

export interface ClusterOptions {
  /** Level of namespaces without a label. @default 'restricted', as on a cluster of ours */
  readonly defaultLevel?: Level;
  /** Whether pods that no policy selects may do nothing. @default false */
  readonly defaultDeny?: boolean;
}

/** A grant, and the rule in it that allows what was asked. */
export interface Allowed {
  readonly grant: Grant;
  readonly rule: Rule;
}

/** Namespace that Pod Security exempts, here as on most clusters. */
const exempt = 'kube-system';

/** Kinds of the policies that judge what everybody writes. */
const isPolicy = (object: Fields, name: string): boolean =>
  object.kind === 'ValidatingAdmissionPolicy' && fieldsOf(object.metadata).name === name;

/** What some manifests come to: who may do what, which pods there are, and who can reach them. */
export class Cluster {
  readonly grants: ReadonlyMap<Identity, readonly Grant[]>;
  readonly network: Network;
  readonly namespaces: readonly string[];
  /** Whether client certificates are refused that are asked for by a signing request. */
  readonly refusesClientCertificates: boolean;
  /** ServiceAccounts that the manifests make. */
  readonly #made = new Map<Identity, Fields>();
  readonly #levels: ReadonlyMap<string, Level>;
  readonly #guarded: readonly string[];
  readonly #accounts = new Map<string, Set<string>>();

  constructor(manifests: readonly Fields[], network: Network, options: ClusterOptions = {}) {
    const objects = manifests.flatMap(objectsOf);
    this.grants = grantsOf(objects);
    this.network = network;
    this.refusesClientCertificates = objects.some((each) => isPolicy(each, 'bulwark-client-certificates'));
    const named = objects
      .filter(({ kind }) => kind === 'Namespace')
      .map((each) => textOf(fieldsOf(each.metadata).name));
    const used = objects.map((each) => textOf(fieldsOf(each.metadata).namespace));
    this.namespaces = [...new Set([exempt, ...named, ...used])].filter((name) => name !== '').sort();
    this.#levels = levelsOf(objects, this.namespaces, options.defaultLevel ?? 'restricted');
    this.#guarded = guardedNamespaces(objects);

    const know = (namespace: string, name: string): void => {
      this.#accounts.set(namespace, (this.#accounts.get(namespace) ?? new Set()).add(name));
    };
    for (const object of objects.filter(({ kind }) => kind === 'ServiceAccount')) {
      const { name, namespace } = fieldsOf(object.metadata);
      const place = textOf(namespace) || defaultNamespace;
      know(place, textOf(name));
      this.#made.set(accountIdentity(place, textOf(name)), object);
    }
    for (const workload of this.network.workloads.all) know(workload.namespace, accountOf(workload));
    for (const identity of this.grants.keys()) {
      const [, namespace, name] = /^ServiceAccount ([^/]+)\/(.+)$/.exec(identity) ?? [];
      if (namespace && name) know(namespace, name);
    }
  }

  /** Service accounts of a namespace, as far as they are known. */
  accounts(namespace: string): readonly Identity[] {
    return [...(this.#accounts.get(namespace) ?? [])].sort().map((name) => accountIdentity(namespace, name));
  }

  workloads(namespace?: string): readonly Workload[] {
    return this.network.workloads.all.filter((each) => namespace === undefined || each.namespace === namespace);
  }

  level(namespace: string): Level {
    return this.#levels.get(namespace) ?? 'restricted';
  }

  /** Whether pods are admitted here only if they are on a list. */
  isGuarded(namespace: string): boolean {
    return this.#guarded.includes(namespace);
  }

  /** The first grant by which somebody may do something: in a namespace, or cluster-wide where none is given. */
  allowed(identity: Identity, action: Action, namespace?: string): Allowed | undefined {
    return this.#search(identity, namespace, (rule) => rule.names.length === 0 && covers(rule, action));
  }

  /** Every rule that allows an action, those limited to names included. */
  rulesFor(identity: Identity, action: Action, namespace?: string): readonly Allowed[] {
    return this.#grants(identity)
      .filter((grant) => grant.namespace === undefined || grant.namespace === namespace)
      .flatMap((grant) => grant.rules.filter((rule) => covers(rule, action)).map((rule) => ({ grant, rule })));
  }

  #search(identity: Identity, namespace: string | undefined, holds: (rule: Rule) => boolean): Allowed | undefined {
    for (const grant of this.#grants(identity)) {
      if (grant.namespace !== undefined && grant.namespace !== namespace) continue;
      const rule = grant.rules.find(holds);
      if (rule) return { grant, rule };
    }
    return undefined;
  }

  /** Of the identity itself, and of the groups that everybody of its kind is in. */
  #grants(identity: Identity): readonly Grant[] {
    const account = /^ServiceAccount ([^/]+)\//.exec(identity)?.[1];
    const groups = [
      ...(account ? ['system:serviceaccounts', `system:serviceaccounts:${account}`] : []),
      ...(/:(anonymous|unauthenticated)$/.test(identity) ? [] : ['system:authenticated']),
    ];
    return [identity, ...groups.map((name) => `Group ${name}`)].flatMap((each) => this.grants.get(each) ?? []);
  }

  /**
   * The service account whose token code in a pod finds there; undefined where the pod has none that the API server
   * takes.
   */
  tokenOf(workload: Workload): Identity | undefined {
    const { spec } = workload.pod;
    const account = this.#made.get(accountIdentity(workload.namespace, accountOf(workload)));
    const sources = itemsOf(spec.volumes).flatMap((volume) => itemsOf(fieldsOf(fieldsOf(volume).projected).sources));
    const projects = sources.some((source) => {
      const token = fieldsOf(source).serviceAccountToken;
      // One that is bound to another audience is refused by the API server.
      return token !== undefined && textOf(fieldsOf(token).audience) === '';
    });
    const mounts = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true;
    return mounts === true || projects ? accountIdentity(workload.namespace, accountOf(workload)) : undefined;
  }

  /**
   * Who outside of a workload's namespace reaches it over the network, in words; undefined: nobody. Rules that deny are
   * left out, and the other end's own policies: neither is the workload's to keep.
   */
  reachedBy(workload: Workload): string | undefined {
    const { isolated, allowed } = this.network.access(workload, 'ingress');
    const peers = allowed.flatMap(({ rule }) => rule.peers ?? [everybody]);
    if (!isolated || peers.some(isOutside)) return 'anybody outside the cluster';
    const foreign = peers.some((peer) =>
      peer.kind === 'pods'
        ? (peer.pods.namespaces?.some((name) => name !== workload.namespace) ?? true)
        : peer.kind === 'entity' && peer.entity === 'cluster',
    );
    if (foreign) return 'pods of other namespaces';
    const [near] = peers.filter(({ kind }) => kind === 'addresses');
    return near?.kind === 'addresses' ? `hosts of ${near.cidr}` : undefined;
  }
}

const everybody: Peer = { kind: 'entity', entity: 'all' };

const isOutside = (peer: Peer): boolean =>
  (peer.kind === 'entity' && ['all', 'world'].includes(peer.entity)) ||
  (peer.kind === 'addresses' && !isPrivate(peer.cidr));

/** Addresses of a private network are whoever has them, in the cluster or beside it; others are the internet's. */
const isPrivate = (cidr: string): boolean => /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|f[cd])/i.test(cidr);

export function accountOf({ pod }: Workload): string {
  return textOf(pod.spec.serviceAccountName) || textOf(pod.spec.serviceAccount) || 'default';
}

function levelsOf(
  objects: readonly Fields[],
  names: readonly string[],
  defaultLevel: Level,
): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>(names.map((name) => [name, name === exempt ? 'privileged' : defaultLevel]));
  for (const { metadata } of objects.filter(({ kind }) => kind === 'Namespace')) {
    const { name, labels } = fieldsOf(metadata);
    const label = fieldsOf(labels)['pod-security.kubernetes.io/enforce'];
    if (label === 'restricted' || label === 'baseline' || label === 'privileged') {
      if (textOf(name) !== exempt) levels.set(textOf(name), label);
    }
  }
  return levels;
}

/** The namespaces in which our policy admits pods from a list only. */
function guardedNamespaces(objects: readonly Fields[]): readonly string[] {
  const guard = 'bulwark-exempt-namespace-guard';
  if (!objects.some((each) => isPolicy(each, guard))) return [];
  return objects
    .filter(({ kind, spec }) => kind === 'ValidatingAdmissionPolicyBinding' && fieldsOf(spec).policyName === guard)
    .flatMap(({ spec }) => {
      const selector = fieldsOf(fieldsOf(fieldsOf(spec).matchResources).namespaceSelector);
      return itemsOf(selector.matchExpressions).flatMap((each) => textsOf(fieldsOf(each).values));
    });
}
