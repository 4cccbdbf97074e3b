import type { HardeningPlan } from './provider/hardening-plan';

/** One way in which a preview changes what a cluster holds. */
export interface Change {
  /** Id of a control, name of an argument, field or kernel parameter, or path of a file. */
  readonly of: string;
  /** As it is. @default it is not there */
  readonly before?: string;
  /** As it will be. @default it will not be there */
  readonly after?: string;
}

/** What a preview would do to one cluster. */
export interface HardeningDelta {
  /** Name of the cluster. */
  readonly cluster: string;
  /** What the engine will do: `create`, `update`, `delete`, … */
  readonly operation: string;
  /** Why the provider refuses the update. */
  readonly refusals: readonly string[];
  /** Controls that come, or hold again after a waiver or a drift. */
  readonly stronger: readonly Change[];
  /** Controls that go, or are waived from now on, and what else an allowed update gives up. */
  readonly weaker: readonly Change[];
  /** Arguments of components (`kube-apiserver --profiling`), fields of the kubelet and kernel parameters. */
  readonly settings: readonly Change[];
  /** Files of each node. `before` and `after` begin with a digest; the controls that shape the file follow. */
  readonly nodes: Readonly<Record<string, readonly Change[]>>;
  /** Files of Kubernetes objects. */
  readonly manifests: readonly Change[];
  /** Whether the plan is known: it is not before machines of the same stack exist, nor where it is a secret. */
  readonly known: boolean;
}

/** What is read of a step of a preview, or of an event: they have the same parts by other names. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

interface State {
  readonly inputs?: { readonly plan?: unknown };
}

/** Part of what `pulumi preview --json` prints. */
interface PreviewDocument {
  readonly steps?: readonly { op: string; urn: string; oldState?: State; newState?: State }[];
  readonly diagnostics?: readonly { urn?: string; message: string; severity: string }[];
}

/** Part of an event of the engine, as `--event-log` writes it and the Automation API gives it. */
export interface PreviewEvent {
  readonly resourcePreEvent?: {
    readonly metadata: { op: string; urn: string; old?: State | null; new?: State | null };
  };
  readonly diagnosticEvent?: { urn?: string; message: string; severity: string };
}

const clusterType = 'bulwark:index:Cluster';

/**
 * What a preview would change in the hardening of its clusters.
 *
 * @param preview what `pulumi preview --json` printed, or the engine's events
 */
export function hardeningDelta(preview: PreviewDocument | readonly PreviewEvent[]): readonly HardeningDelta[] {
  const { steps, diagnostics } = Array.isArray(preview)
    ? fromEvents(preview)
    : fromDocument(preview as PreviewDocument);
  const refusals = new Map<string, string[]>();
  const accepted = new Map<string, Change[]>();
  const push = <T>(to: Map<string, T[]>, urn: string, value: T) => to.set(urn, [...(to.get(urn) ?? []), value]);
  for (const { urn = '', message, severity } of diagnostics.filter(({ urn = '' }) => isCluster(urn))) {
    if (severity === 'error') push(refusals, urn, reasonOf(message));
    const [, of, after] = /gets weaker: (\S+) (.*)$/s.exec(message) ?? [];
    if (of !== undefined && after !== undefined) push(accepted, urn, { of, after: after.trim() });
  }
  // The engine stops at a refusal: there is no step then.
  const refused = [...refusals.keys()].filter((urn) => !steps.some((step) => step.urn === urn));
  // A replacement is three steps, of which one says it all.
  const shown = steps.filter(({ op, urn }) => isCluster(urn) && !/^(create-replacement|delete-replaced)$/.test(op));
  return [...shown, ...refused.map((urn): Step => ({ op: 'refuse', urn }))].map((step) =>
    deltaOf(step, refusals.get(step.urn) ?? [], accepted.get(step.urn) ?? []),
  );
}

const fromDocument = ({ steps = [], diagnostics = [] }: PreviewDocument) => ({
  steps: steps.map(({ op, urn, oldState, newState }): Step => {
    return { op, urn, before: oldState?.inputs?.plan, after: newState?.inputs?.plan };
  }),
  diagnostics,
});

const fromEvents = (events: readonly PreviewEvent[]) => ({
  steps: events.flatMap(({ resourcePreEvent }): Step[] => {
    if (!resourcePreEvent) return [];
    const { op, urn, old, new: made } = resourcePreEvent.metadata;
    return [{ op, urn, before: old?.inputs?.plan, after: made?.inputs?.plan }];
  }),
  diagnostics: events.flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : [])),
});

/** `urn:pulumi:stack::project::parent$type::name` */
const isCluster = (urn: string) => urn.split('::')[2]?.split('$').at(-1) === clusterType;

/** The provider's own words: the engine puts its own, and the value of the property, before them. */
function reasonOf(message: string): string {
  const [, property, reason] =
    /resource '[^']*'(?:: property (\S+) value .*?)? has a problem: (.*)$/s.exec(message) ?? [];
  return [property, (reason ?? message).trim()].filter(Boolean).join(': ');
}

const nothing: HardeningPlan = {
  by: '',
  controls: {},
  arguments: {},
  kubelet: {},
  sysctls: {},
  manifests: {},
  nodes: {},
};

function deltaOf(
  { op, urn, before, after }: Step,
  refusals: readonly string[],
  accepted: readonly Change[],
): HardeningDelta {
  const known = [before, after].every((plan) => plan === undefined || isPlan(plan));
  const old = isPlan(before) ? before : nothing;
  const next = known && isPlan(after) ? after : known && op === 'delete' ? nothing : old;
  const controls = changes(old.controls, next.controls);
  const weaker = controls.filter(({ after: now }) => now !== 'on');
  const nodes = [...new Set([...Object.keys(old.nodes), ...Object.keys(next.nodes)])].map(
    (node) => [node, changes(old.nodes[node], next.nodes[node])] as const,
  );
  return {
    cluster: urn.split('::').at(-1) ?? '',
    operation: op,
    refusals,
    stronger: controls.filter(({ after: now }) => now === 'on'),
    weaker: [...weaker, ...accepted.filter(({ of }) => !weaker.some((change) => change.of === of))],
    settings: [
      ...changes(argumentsOf(old), argumentsOf(next)),
      ...changes(old.kubelet, next.kubelet, 'kubelet '),
      ...changes(old.sysctls, next.sysctls, 'sysctl '),
    ],
    nodes: Object.fromEntries(nodes.filter(([, changed]) => changed.length > 0)),
    manifests: changes(old.manifests, next.manifests),
    known,
  };
}

const isPlan = (plan: unknown): plan is HardeningPlan =>
  typeof plan === 'object' && plan !== null && 'controls' in plan && 'nodes' in plan;

const argumentsOf = (plan: HardeningPlan): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(plan.arguments).flatMap(([component, args]) =>
      Object.entries(args).map(([name, value]) => [`${component} --${name}`, value]),
    ),
  );

function changes(
  before: Readonly<Record<string, string>> = {},
  after: Readonly<Record<string, string>> = {},
  prefix = '',
): readonly Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => before[key] !== after[key])
    .sort()
    .map((key) => ({
      of: `${prefix}${key}`,
      ...(before[key] !== undefined && { before: before[key] }),
      ...(after[key] !== undefined && { after: after[key] }),
    }));
}
