import type { ResolvedCluster } from '../../lib/resolved-cluster';
import type { MergedSettings } from '../../lib/settings/merge';
import type { Placed } from '../../lib/settings/setting';
import type { NodeSpec, Role } from '../../lib/spec/cluster-spec';
import type { ProbePlan } from '../bundle/checks';

/** The programs of the scheduled verification. */
export interface VerificationPrograms {
  /** Python: runs probes. */
  readonly collector: string;
  /** Python modules that the collector imports, by path below its own folder. */
  readonly modules: ReadonlyMap<string, string>;
  /** JavaScript: one file. */
  readonly judge: string;
}

/** Programs of ours that run on nodes. The caller reads them from the package, because planning does no I/O. */
export interface NodePrograms {
  readonly approver: { readonly program: string; readonly unit: string };
  /** Needed where the spec asks for scheduled verification. */
  readonly verification?: VerificationPrograms;
}

/** What every generator reads: the cluster, and all that is to be set on it. */
export interface Planning {
  readonly cluster: ResolvedCluster;
  readonly settings: MergedSettings;
  readonly programs: NodePrograms;
  /** What observe must collect. */
  readonly probes: ProbePlan;
}

/** One file of a node's tree. */
export interface NodeFile {
  readonly path: string;
  readonly content: string;
  /** Four octal digits. */
  readonly mode: string;
  /** What must restart when the file changes: a systemd unit, or `static-pod:<component>`. */
  readonly restarts: readonly string[];
  /** Ids of the controls, `spec:<path>` or `base`, sorted. */
  readonly origins: readonly string[];
}

/** Owns one kind of file: says whether a node has it, where it stands and what it holds. */
export type Generator = (planning: Planning, node: NodeSpec) => readonly NodeFile[];

/** The origins of some settings, each once, sorted. */
export function originsOf(placed: readonly Placed[]): readonly string[] {
  return [...new Set(placed.flatMap(({ origins }) => origins))].sort();
}

/** The settings that concern nodes of one role. */
export function forRole<P extends { readonly setting: { readonly roles: readonly Role[] } }>(
  placed: readonly P[],
  role: Role,
): readonly P[] {
  return placed.filter(({ setting }) => setting.roles.includes(role));
}

/** The control plane that `kubeadm init` runs on. */
export function isFirst({ cluster }: Planning, node: NodeSpec): boolean {
  return cluster.controlPlanes[0]?.name === node.name;
}
