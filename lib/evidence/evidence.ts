import type { Strength } from '../checks/check';
import type { Scope } from '../checks/probe';
import type { Severity, Threat } from '../controls/control';
import type { WaivedObject } from '../spec/waiver';

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

/** What a verdict rests on. */
export interface Proof {
  /** What was looked at: the key of the probe. */
  readonly probe: string;
  /** What was seen, as redacted JSON of at most 600 characters. */
  readonly seen: string;
  /** Digest of the whole redacted observation, of which `seen` may be the beginning. Hexadecimal. */
  readonly sha256: string;
}

/** Where the file that answers for a control names it. */
export interface Location {
  /** Path of the spec as it was given, or of a file of the bundle, which then begins with `bundle/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** A waiver as evidence shows it. */
export interface WaiverEvidence {
  readonly reason: string;
  readonly owner: string;
  /** Last valid day; left out where the platform itself forces the waiver. */
  readonly expires?: string;
  /** Left out where the waiver is not limited to nodes. */
  readonly nodes?: readonly string[];
  /** Left out where the waiver is not limited to namespaces. */
  readonly namespaces?: readonly string[];
  /** Left out where the waiver is not limited to objects. */
  readonly objects?: readonly WaivedObject[];
  /** Measure that stands in. */
  readonly compensation?: string;
  /** Ids of the controls that stand in. */
  readonly compensatedBy?: readonly string[];
  /** Which of them do not, and how they stand: `network/default-deny: fail`. Left out where all of them pass. */
  readonly uncompensated?: readonly string[];
}

/** One check of one control in one place. Can be read without the rest of the evidence. */
export interface EvidenceRow {
  /** Id of the control. */
  readonly control: string;
  readonly scope: Scope;
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
  /** When it was seen. ISO 8601, UTC. Left out where nothing was. */
  readonly at?: string;
  /** Left out where nothing was seen. */
  readonly proof?: Proof;
  /** `cis 1.2.15`, `stig V-242390`. */
  readonly sources: readonly string[];
  /** Ids of the attacks that the control stops. */
  readonly stops: readonly string[];
  /**
   * What excuses the row: all of it with `waived`; with `fail` a part, which `observed` names apart from the rest. Left
   * out where nothing is excused.
   */
  readonly waivers?: readonly WaiverEvidence[];
  readonly location?: Location;
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
  readonly threats: readonly Threat[];
  /** Valid ones; several where each covers other nodes, namespaces or objects. */
  readonly waivers: readonly WaiverEvidence[];
}

/** What one attack of the catalogue did, when it was played against a hardened and a stock cluster. */
export interface AttackResult {
  readonly id: string;
  readonly title: string;
  /** What came of it on the cluster of this evidence. */
  readonly hardened: 'refused' | 'succeeded' | 'void' | 'unclear';
  /** What came of it on a stock cluster: where it is not `succeeded`, a refusal proves nothing. */
  readonly stock: 'refused' | 'succeeded' | 'void' | 'unclear';
  /** What a stock cluster does not get wrong by itself and was put into it for the attack. */
  readonly weakness?: string;
  /** The denial, in the cluster's own words. */
  readonly denial?: string;
  /** Where the denial is silence: whether the attack came through once the policy that stops it was off. */
  readonly lifted?: 'opens' | 'void';
}

/** How many controls of an area have each verdict. */
export type Counts = Readonly<Record<Verdict, number>>;

/** The proof of one verification run, as `--json` writes it. Holds no secret. */
export interface Evidence {
  readonly schema: 'bulwark.dev/evidence/v1';
  readonly cluster: string;
  readonly kubernetesVersion: string;
  /** Name of the profile; one of the user’s own names what it extends. */
  readonly profile: string;
  /** When it was judged. ISO 8601, UTC. */
  readonly at: string;
  /** In id order. */
  readonly controls: readonly ControlEvidence[];
  /** In the order of the controls, then of their checks, then of the nodes. */
  readonly rows: readonly EvidenceRow[];
  /** By area, the first part of a control's id. */
  readonly areas: Readonly<Record<string, Counts>>;
  readonly total: Counts;
  /** Waivers that are unused, expired or about to expire, nodes that nobody knows. */
  readonly warnings: readonly string[];
  /** Digest of the bundle's `manifest.json`, which holds those of all its files. Hexadecimal. */
  readonly bundleSha256?: string;
  readonly attacks?: readonly AttackResult[];
}

/** The most pressing of some verdicts; `not-applicable` for none. */
export function worst(of: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => of.includes(verdict)) ?? 'not-applicable';
}

/** How many times each verdict occurs. */
export function count(of: readonly Verdict[]): Counts {
  return Object.fromEntries(verdicts.map((verdict) => [verdict, of.filter((one) => one === verdict).length])) as Counts;
}

/** Whether a row is neither good nor given up knowingly: what makes a verification fail. */
export function isUnproven({ verdict, explained }: EvidenceRow): boolean {
  return verdict === 'fail' || verdict === 'error' || (verdict === 'not-observed' && explained !== true);
}

/** Whether nothing failed and nothing is left without an explanation. */
export function isProven({ rows }: Evidence): boolean {
  return !rows.some(isUnproven);
}

/** First part of a control's id. */
export const areaOf = (controlId: string): string => controlId.slice(0, controlId.indexOf('/'));

/** What makes a row the same row in another run: the control, the place and what is expected there. */
export const rowKey = ({ control, where, expected }: Pick<EvidenceRow, 'control' | 'where' | 'expected'>): string =>
  JSON.stringify([control, where, expected]);
