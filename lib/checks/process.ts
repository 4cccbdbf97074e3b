import { flagValues } from './arguments';
import { type Check, fail, type Judgement, pass } from './check';
import type { ProcessFact, Scope } from './probe';

interface OfProcess {
  readonly scope: Scope;
  /** Program name, for example `kube-apiserver`. */
  readonly process: string;
}

/** A check of every running process of one program; none running is a fail. */
function everyProcess(
  of: OfProcess,
  expected: string,
  judge: (args: readonly string[]) => Judgement,
): Check<'process'> {
  return {
    scope: of.scope,
    probe: { kind: 'process', name: of.process },
    expected: `${of.process} ${expected}`,
    strength: 'live',
    judge: (facts: readonly ProcessFact[]) => {
      const judgements = facts.map((fact) => withOrigin(judge(fact.args), fact));
      return judgements.find(({ verdict }) => verdict === 'fail') ?? judgements[0] ?? fail(`no ${of.process} process`);
    },
  };
}

/** Says so where the arguments are those of a static pod's specification. */
const withOrigin = (judgement: Judgement, { pod }: ProcessFact): Judgement =>
  pod === undefined ? judgement : { ...judgement, observed: `${judgement.observed} (of static pod ${pod})` };

const shown = (name: string, values: readonly string[]): string =>
  values.length === 0 ? `no --${name}` : values.map((value) => `--${name}=${value}`).join(' ');

/** The flag has this value, or one that `accepts` takes. The last of several values counts, as in the program. */
export function processArg(
  of: OfProcess & {
    readonly name: string;
    readonly value: string;
    /** @default equal to `value` */
    readonly accepts?: (value: string) => boolean;
  },
): Check<'process'> {
  const accepts = of.accepts ?? ((value: string) => value === of.value);
  return everyProcess(of, `runs with --${of.name}=${of.value}`, (args) => {
    const values = flagValues(args, of.name);
    const last = values.at(-1);
    return last !== undefined && accepts(last) ? pass(shown(of.name, [last])) : fail(shown(of.name, values));
  });
}

/** The comma-joined flag lists all of `members` and none of `excluded`. */
export function processArgList(
  of: OfProcess & {
    readonly name: string;
    readonly members?: readonly string[];
    readonly excluded?: readonly string[];
  },
): Check<'process'> {
  const { members = [], excluded = [] } = of;
  const demand = [...members.map((member) => `${member}`), ...excluded.map((member) => `no ${member}`)].join(', ');
  return everyProcess(of, `runs with --${of.name} listing ${demand}`, (args) => {
    const values = flagValues(args, of.name);
    const listed = values.flatMap((value) => value.split(','));
    const holds =
      members.every((member) => listed.includes(member)) && !excluded.some((member) => listed.includes(member));
    return holds ? pass(shown(of.name, values)) : fail(shown(of.name, values));
  });
}

/** None of these flags is given. */
export function processArgsAbsent(of: OfProcess & { readonly names: readonly string[] }): Check<'process'> {
  return everyProcess(of, `runs without ${of.names.map((name) => `--${name}`).join(', ')}`, (args) => {
    const given = of.names.filter((name) => flagValues(args, name).length > 0);
    return given.length === 0 ? pass('absent') : fail(given.map((name) => `--${name}`).join(', '));
  });
}
