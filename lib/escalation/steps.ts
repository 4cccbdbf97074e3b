import { textOf } from '../fields';
import { nameOf } from '../lint/finding';
import type { Workload } from '../network-policy';
import { readPod } from '../pod-security/pod';
import { checksOf } from '../pod-security/pod-security';
import type { Allowed, Cluster } from './cluster';
import { accountIdentity, type Identity } from './rights';
import type { Action } from './rule';

/** What nobody may reach but who is meant to. */
export const goals = {
  'cluster-admin': 'administrator of the cluster',
  node: 'root on a node',
  secrets: 'Secrets of every namespace',
  'every-pod': 'commands in every pod',
  admission: 'what admission refuses',
  traffic: "other teams' traffic",
  placement: 'which node pods run on',
} as const;
export type Goal = keyof typeof goals;

/** Where an attacker stands. */
export type State =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** Code in an existing pod. */
  | { readonly kind: 'workload'; readonly workload: Workload }
  /** A pod of the attacker's own making. */
  | { readonly kind: 'own-pod'; readonly namespace: string }
  | { readonly kind: 'goal'; readonly goal: Goal };

/** One move, and what takes it away. */
export interface Step {
  readonly to: State;
  /** What is done, for example `create deployments.apps in shop`. */
  readonly does: string;
  readonly by?: Allowed;
  readonly fix: string;
}

export function describe(state: State): string {
  if (state.kind === 'identity') return state.identity;
  if (state.kind === 'goal') return goals[state.goal];
  return state.kind === 'workload' ? `pod of ${nameOf(state.workload.object)}` : `any pod in ${state.namespace}`;
}

const action = (verb: string, resource: string, group = ''): Action => ({ verb, group, resource });
const actionsOf = (verbs: readonly string[], resource: string, group = ''): Action[] =>
  verbs.map((verb) => action(verb, resource, group));

const rbac = 'rbac.authorization.k8s.io';
const registration = 'admissionregistration.k8s.io';
const certificates = 'certificates.k8s.io';
const change = ['create', 'update', 'patch'];

/** Everything that makes a pod run. */
const runs: readonly Action[] = [
  action('create', 'pods'),
  ...['daemonsets', 'deployments', 'replicasets', 'statefulsets'].flatMap((each) => actionsOf(change, each, 'apps')),
  ...['cronjobs', 'jobs'].flatMap((each) => actionsOf(change, each, 'batch')),
  ...actionsOf(change, 'replicationcontrollers'),
];

/** Everything that puts code into a pod that runs already. */
const enters: readonly Action[] = [
  action('create', 'pods/exec'),
  action('create', 'pods/attach'),
  ...actionsOf(['update', 'patch'], 'pods/ephemeralcontainers'),
  ...actionsOf(['update', 'patch'], 'pods'),
];

const everything = 'every right';

const wordsOf = ({ verb, resource, group }: Action, where?: string): string =>
  verb === '*' ? everything : `${verb} ${resource}${group && `.${group}`}${where ? ` in ${where}` : ''}`;

/** What can be done next from where somebody stands. */
export function stepsFrom(cluster: Cluster, state: State): readonly Step[] {
  if (state.kind === 'identity') return stepsOfIdentity(cluster, state.identity);
  if (state.kind === 'workload') return stepsOfWorkload(cluster, state.workload);
  return state.kind === 'own-pod' ? stepsOfOwnPod(cluster, state.namespace) : [];
}

const toGoal = (goal: Goal): State => ({ kind: 'goal', goal });
const toIdentity = (identity: Identity): State => ({ kind: 'identity', identity });

function stepsOfIdentity(cluster: Cluster, identity: Identity): readonly Step[] {
  if (identity === 'Group system:masters') {
    const fix = 'leave system:masters to the administrators';
    return [{ to: toGoal('cluster-admin'), does: everything, fix }];
  }
  const steps: Step[] = [];
  /** Adds a move for the first of the actions that is allowed. */
  const add = (actions: readonly Action[], namespace: string | undefined, ...to: readonly State[]): boolean => {
    for (const each of actions) {
      const by = cluster.allowed(identity, each, namespace);
      if (!by) continue;
      const does = wordsOf(each, namespace);
      steps.push(...to.map((state) => ({ to: state, does, by, fix: fixOf(by, each) })));
      return true;
    }
    return false;
  };
  const can = (...actions: readonly Action[]): boolean =>
    actions.some((each) => cluster.allowed(identity, each) !== undefined);

  add([action('*', '*', '*')], undefined, toGoal('cluster-admin'));
  const writesRoles = can(...actionsOf(change, 'clusterroles', rbac));
  if (writesRoles) add([action('escalate', 'clusterroles', rbac)], undefined, toGoal('cluster-admin'));
  if (can(...actionsOf(change, 'clusterrolebindings', rbac))) {
    const bind = action('bind', 'clusterroles', rbac);
    const every = cluster.rulesFor(identity, bind).find(({ rule: { names } }) => isTotal(names));
    if (every) {
      steps.push({ to: toGoal('cluster-admin'), does: wordsOf(bind), by: every, fix: fixOf(every, bind) });
    }
  }
  add(
    [
      ...actionsOf(change, 'mutatingwebhookconfigurations', registration),
      ...actionsOf(change, 'mutatingadmissionpolicies', registration),
    ],
    undefined,
    toGoal('cluster-admin'),
  );
  add(actionsOf(change, 'validatingwebhookconfigurations', registration), undefined, toGoal('secrets'));
  add(
    ['validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'validatingwebhookconfigurations'].flatMap(
      (each) => actionsOf(['update', 'patch', 'delete', 'deletecollection'], each, registration),
    ),
    undefined,
    toGoal('admission'),
  );
  add(actionsOf(['get', 'create'], 'nodes/proxy'), undefined, toGoal('every-pod'));
  add(actionsOf(['get', 'list', 'watch'], 'secrets'), undefined, toGoal('secrets'));
  add(
    [...actionsOf(['update', 'patch'], 'nodes'), ...actionsOf(['update', 'patch'], 'nodes/status')],
    undefined,
    toGoal('placement'),
  );
  add(
    [
      ...actionsOf(change, 'endpointslices', 'discovery.k8s.io'),
      ...actionsOf(change, 'endpoints'),
      ...actionsOf(['update', 'patch'], 'services/status'),
    ],
    undefined,
    toGoal('traffic'),
  );
  if (runsPods(cluster, identity)) add([action('create', 'persistentvolumes')], undefined, toGoal('node'));
  steps.push(...signingSteps(cluster, identity), ...impersonationSteps(cluster, identity));

  for (const namespace of cluster.namespaces) {
    const accounts = cluster.accounts(namespace).filter((each) => each !== identity);
    const ownPod: State = { kind: 'own-pod', namespace };
    // With every role of the namespace at hand there is nothing in it that cannot be done.
    const rolesHere = actionsOf(change, 'roles', rbac).some((each) => cluster.allowed(identity, each, namespace));
    const bindingsHere = actionsOf(change, 'rolebindings', rbac).some((each) =>
      cluster.allowed(identity, each, namespace),
    );
    if (rolesHere && bindingsHere) add([action('escalate', 'roles', rbac)], namespace, ownPod);
    if (bindingsHere) add([action('bind', 'clusterroles', rbac), action('bind', 'roles', rbac)], namespace, ownPod);
    if (!cluster.isGuarded(namespace)) {
      const made = add(runs, namespace, ownPod);
      if (made && cluster.level(namespace) !== 'privileged') {
        // Its label is all that keeps privileged pods out.
        add(actionsOf(['update', 'patch'], 'namespaces'), namespace, toGoal('node'));
      }
    }
    for (const each of [action('create', 'serviceaccounts/token'), action('impersonate', 'serviceaccounts')]) {
      for (const by of cluster.rulesFor(identity, each, namespace)) {
        const named = by.rule.names.map((name) => accountIdentity(namespace, name));
        const does = wordsOf(each, namespace);
        const reached = by.rule.names.length === 0 ? accounts : named.filter((account) => account !== identity);
        steps.push(...reached.map((account) => ({ to: toIdentity(account), does, by, fix: fixOf(by, each) })));
      }
    }
    if (namespace === 'kube-system') {
      add(actionsOf(['get', 'list', 'watch'], 'secrets'), namespace, toGoal('secrets'));
      add(actionsOf(['update', 'patch'], 'configmaps'), namespace, toGoal('traffic'));
    }
    add(enters, namespace, ...cluster.workloads(namespace).map((workload): State => ({ kind: 'workload', workload })));
  }
  return steps;
}

/** Whether the right to bind roles of these names, or of all, is the right to everything. */
const isTotal = (names: readonly string[]): boolean => names.length === 0 || names.includes('cluster-admin');

const runsPods = (cluster: Cluster, identity: Identity): boolean =>
  cluster.namespaces.some((namespace) => runs.some((each) => cluster.allowed(identity, each, namespace)));

/** Asks for a certificate in somebody's name and approves it. */
function signingSteps(cluster: Cluster, identity: Identity): readonly Step[] {
  const approval = action('update', 'certificatesigningrequests/approval', certificates);
  const asks = cluster.allowed(identity, action('create', 'certificatesigningrequests', certificates));
  if (!asks || !cluster.allowed(identity, approval)) return [];
  return cluster.rulesFor(identity, action('approve', 'signers', certificates)).flatMap((by): Step[] => {
    const isFor = (signer: string): boolean =>
      by.rule.names.length === 0 || by.rule.names.some((name) => name === signer || name === 'kubernetes.io/*');
    const step = (to: Goal): Step => ({
      to: toGoal(to),
      does: `approve its own certificatesigningrequests.${certificates}`,
      by,
      fix: fixOf(by, action('approve', 'signers', certificates)),
    });
    return [
      ...(isFor('kubernetes.io/kube-apiserver-client') && !cluster.refusesClientCertificates
        ? [step('cluster-admin')]
        : []),
      ...(isFor('kubernetes.io/kube-apiserver-client-kubelet') ? [step('node')] : []),
    ];
  });
}

/** Users and groups; service accounts are those of a namespace. */
function impersonationSteps(cluster: Cluster, identity: Identity): readonly Step[] {
  return ['users', 'groups'].flatMap((resource) => {
    const impersonate = action('impersonate', resource);
    return cluster.rulesFor(identity, impersonate).flatMap((by): Step[] => {
      const step = (to: State, does: string): Step => ({ to, does, by, fix: fixOf(by, impersonate) });
      if (by.rule.names.length === 0) return [step(toGoal('cluster-admin'), `impersonate any of ${resource}`)];
      const kind = resource === 'users' ? 'User' : 'Group';
      return by.rule.names.map((name) => step(toIdentity(`${kind} ${name}`), `impersonate ${kind} ${name}`));
    });
  });
}

/** Checks of Pod Security whose breach is the way out of a container. */
const waysOut = checksOf('baseline').filter(({ id }) =>
  ['privileged', 'hostPathVolumes', 'capabilities_baseline', 'hostNamespaces', 'windowsHostProcess'].includes(id),
);

function stepsOfWorkload(cluster: Cluster, workload: Workload): readonly Step[] {
  const token = cluster.tokenOf(workload);
  const pod = readPod(workload.pod.metadata, workload.pod.spec);
  const [out] = waysOut
    .filter(({ id }) => id !== 'hostNamespaces' || workload.pod.spec.hostPID === true)
    .flatMap((check) => check.judge(pod) ?? []);
  return [
    ...(token ? [{ to: toIdentity(token), does: 'its token', fix: 'set automountServiceAccountToken: false' }] : []),
    ...(out
      ? [
          {
            to: toGoal('node'),
            does: out.reason,
            fix: `take ${out.reason} from ${nameOf(workload.object)}`,
          },
        ]
      : []),
  ];
}

function stepsOfOwnPod(cluster: Cluster, namespace: string): readonly Step[] {
  const fix = 'let nobody make pods in a namespace whose service accounts or level give more than they have';
  const level = cluster.level(namespace);
  return [
    ...cluster.accounts(namespace).map((identity) => ({ to: toIdentity(identity), does: 'its token', fix })),
    ...(level === 'privileged'
      ? [
          {
            to: toGoal('node'),
            does: `a privileged pod: ${namespace} enforces ${level}`,
            fix: `hold ${namespace} to restricted`,
          },
        ]
      : []),
  ];
}

/** What to take away from whom. */
function fixOf({ grant }: Allowed, { verb, resource, group }: Action): string {
  const right = verb === '*' ? 'the wildcard' : `${verb} ${resource}${group ? `.${group}` : ''}`;
  return `take ${right} from the role of ${nameOf(grant.binding)}, or ${textOf(grant.path)} from the binding`;
}
