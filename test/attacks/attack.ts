import { redact } from '../../lib/evidence';

/** What a command or a whole attack brought back. */
export interface Outcome {
  /** Exit code of the last command; 124 when it ran out of time. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine of a cluster under attack. */
export interface Machine {
  readonly name: string;
  readonly address: string;
}

/** Who a `kubectl` call speaks as, where that is not the administrator. */
export type Credential =
  | { readonly token: string }
  /** PEM texts. */
  | { readonly certificate: string; readonly key: string }
  /** No credential at all. */
  | 'anonymous';

/** A running cluster that attacks are played against. The same script runs on every target. */
export interface Target {
  readonly name: 'stock' | 'hardened';
  readonly controlPlane: Machine;
  /** The node that the attacker's pods run on and whose credential gets stolen. */
  readonly victim: Machine;
  /** Name of another node than `victim`; on a one-node cluster a Node object without a machine. */
  readonly otherNode: string;
  /** Reference of the image that attack pods use. */
  readonly image: string;
  /** Runs kubectl from outside the cluster, as administrator unless `as` says otherwise. */
  kubectl(args: readonly string[], options?: { readonly as?: Credential; readonly stdin?: string }): Promise<Outcome>;
  /** Runs a shell script as root on a machine of the cluster. */
  onNode(machine: Machine, script: string, options?: { readonly stdin?: Buffer }): Promise<Outcome>;
  /** Runs a program on the operator's machine, outside the cluster. */
  outside(argv: readonly string[]): Promise<Outcome>;
}

/** Turns off the one policy that refuses an attack by silence, so that the same connection can be seen to open. */
export interface Lift {
  off(target: Target): Promise<void>;
  on(target: Target): Promise<void>;
  /** What the attack prints once the policy is off. */
  readonly opens: RegExp;
}

/** One attack with its exact denial and its positive control. */
export interface Attack {
  /** Stable id, by which controls name what they stop. */
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /**
   * What an untouched kubeadm cluster does not get wrong by itself and therefore is put into the stock cluster first.
   * Absent: stock falls as it is.
   */
  readonly weakness?: string;
  readonly run: (target: Target) => Promise<Outcome>;
  /** The denial, matched against everything the attack printed on the hardened cluster. */
  readonly refused: RegExp;
  /** Proof of success, matched against everything the attack printed on the stock cluster. */
  readonly succeeds: RegExp;
  /** Needed where the denial is a timeout: silence proves nothing by itself. */
  readonly lift?: Lift;
}

/** `void`: the attack does not work where it must, so its refusal elsewhere would prove nothing. */
export type AttackVerdict = 'refused' | 'succeeded' | 'void' | 'unclear';

/** Everything an attack printed, in one text. */
export const textOf = (outcome: Outcome): string => `${outcome.stdout}\n${outcome.stderr}\nexit ${outcome.code}`;

/** Judges an attack on the stock cluster: it must succeed, else the attack is void. */
export function judgeStock(attack: Attack, outcome: Outcome): AttackVerdict {
  return attack.succeeds.test(textOf(outcome)) ? 'succeeded' : 'void';
}

/** Judges an attack on the hardened cluster: the exact denial and no sign of success. */
export function judgeHardened(attack: Attack, outcome: Outcome): AttackVerdict {
  const text = textOf(outcome);
  if (attack.succeeds.test(text)) return 'succeeded';
  return attack.refused.test(text) ? 'refused' : 'unclear';
}

/** Longest denial that a report shows, in characters. */
const longestDenial = 600;

/** The lines in which the cluster refused an attack, without any secret; none where it said nothing. */
export function denialOf(attack: Attack, outcome: Outcome): string | undefined {
  const text = textOf(outcome);
  const match = attack.refused.exec(text);
  if (!match || match[0] === '') return undefined;
  const start = text.lastIndexOf('\n', match.index) + 1;
  const end = text.indexOf('\n', match.index + match[0].length);
  const lines = redact(text.slice(start, end < 0 ? undefined : end).trim());
  // What a command ended with is no word of the cluster's.
  if (/^exit \d+$/.test(lines)) return undefined;
  return lines.length > longestDenial ? `${lines.slice(0, longestDenial - 1)}…` : lines;
}

/** Puts what several steps printed into one outcome; the exit code is the last step's. */
export function joined(...steps: readonly Outcome[]): Outcome {
  return {
    code: steps.at(-1)?.code ?? 0,
    stdout: steps.map((step) => step.stdout).join('\n'),
    stderr: steps.map((step) => step.stderr).join('\n'),
  };
}

/** An outcome that only says something. */
export const said = (text: string, code = 0): Outcome => ({ code, stdout: text, stderr: '' });
