import type { Strength } from '../checks/check';
import type { Severity } from '../controls/control';
import type { ProfileName } from '../spec/cluster-spec';

/**
 * - `pass`, `fail`: what was seen, judged.
 * - `waived`: the spec gives the control up; it was checked all the same (`seen`).
 * - `not-applicable`: computed from what was seen, or from an inventory without a node of the role; never declared.
 * - `not-observed`: nothing was seen. Never a pass.
 * - `error`: the observation does not have the shape that its judge reads.
 */
export type Verdict = 'pass' | 'fail' | 'waived' | 'not-applicable' | 'not-observed' | 'error';

/** Most pressing first: a control stands as its first of these. */
export const verdicts: readonly Verdict[] = ['error', 'fail', 'not-observed', 'waived', 'pass', 'not-applicable'];

/** One check of one control in one place. */
export interface EvidenceRow {
  /** Id of the control. */
  readonly control: string;
  /** Name of the node, or `cluster` for what is seen once. */
  readonly where: string;
  readonly verdict: Verdict;
  readonly expected: string;
  readonly observed: string;
  readonly strength: Strength;
  /** With `waived`: the verdict without the waiver. */
  readonly seen?: Exclude<Verdict, 'waived'>;
  /** With `not-observed`: whether the collector said why. */
  readonly explained?: boolean;
}

/** One control over all its rows. */
export interface ControlEvidence {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  /** `cis 1.2.15`, `stig V-242390`. */
  readonly sources: readonly string[];
  /** Attack ids. */
  readonly stops: readonly string[];
  readonly waiver?: {
    readonly reason: string;
    readonly owner: string;
    /** Last valid day; left out where the platform itself forces the waiver. */
    readonly expires?: string;
    /** Left out where the waiver covers every node. */
    readonly nodes?: readonly string[];
  };
}

/** How many controls of an area have each verdict. */
export type Counts = Readonly<Record<Verdict, number>>;

/** The proof of one verification run, as `--json` writes it. Holds no secret. */
export interface Evidence {
  readonly schema: 'bulwark.dev/evidence/v1';
  readonly cluster: string;
  readonly kubernetesVersion: string;
  readonly profile: ProfileName;
  /** When it was judged. ISO 8601, UTC. */
  readonly at: string;
  /** In id order. */
  readonly controls: readonly ControlEvidence[];
  /** In the order of the controls, then of their checks, then of the nodes. */
  readonly rows: readonly EvidenceRow[];
  /** By area, the first part of a control's id. */
  readonly areas: Readonly<Record<string, Counts>>;
  readonly total: Counts;
  /** Waivers that are unused or expired, nodes that nobody knows. */
  readonly warnings: readonly string[];
}

/** The most pressing of some verdicts; `not-applicable` for none. */
export function worst(of: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => of.includes(verdict)) ?? 'not-applicable';
}

/** How many times each verdict occurs. */
export function count(of: readonly Verdict[]): Counts {
  return Object.fromEntries(verdicts.map((verdict) => [verdict, of.filter((one) => one === verdict).length])) as Counts;
}

/** Whether nothing failed and nothing is left without an explanation. */
export function isProven({ rows }: Evidence): boolean {
  return rows.every(
    ({ verdict, explained }) =>
      verdict !== 'fail' && verdict !== 'error' && (verdict !== 'not-observed' || explained === true),
  );
}
