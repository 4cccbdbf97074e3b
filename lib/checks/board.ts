import { type Check, fail, type Judgement, notApplicable } from './check';
import type { BoardFact, Scope } from './probe';

/** Something of the Raspberry Pi that the node is; not applicable where its device tree shows that it is none. */
export function board(of: {
  readonly expected: string;
  readonly judge: (fact: BoardFact) => Judgement;
  /** @default 'node' */
  readonly scope?: Scope;
}): Check<'board'> {
  return {
    scope: of.scope ?? 'node',
    probe: { kind: 'board' },
    expected: of.expected,
    strength: 'live',
    judge: (fact) => {
      if (fact.model === null) return notApplicable('no Raspberry Pi');
      return fact.model === '' ? fail('nothing is known of the board') : of.judge(fact);
    },
  };
}
