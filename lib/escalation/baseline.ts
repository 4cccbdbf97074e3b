import { z } from 'zod';
import type { Escalation } from './find-escalations';

const schema = z.strictObject({
  schema: z.literal('bulwark.dev/escalation-baseline/v1'),
  accepted: z.array(z.strictObject({ control: z.string(), chain: z.string() })),
});

/** Escalation paths that are known and accepted: only others fail. */
export type EscalationBaseline = z.infer<typeof schema>;

const entryOf = ({ finding: { control, message } }: Escalation) => ({ control, chain: message });

/** Accepts every path there is. */
export function baselineOf(escalations: readonly Escalation[]): EscalationBaseline {
  return { schema: 'bulwark.dev/escalation-baseline/v1', accepted: escalations.map(entryOf) };
}

/** @throws ZodError where the value is no baseline */
export function parseBaseline(value: unknown): EscalationBaseline {
  return schema.parse(value);
}

/** What a baseline does not know, and what of it is gone. */
export function compare(escalations: readonly Escalation[], { accepted }: EscalationBaseline) {
  const keyOf = ({ control, chain }: { control: string; chain: string }): string => `${control} ${chain}`;
  const known = new Set(accepted.map(keyOf));
  const present = new Set(escalations.map((each) => keyOf(entryOf(each))));
  return {
    fresh: escalations.filter((each) => !known.has(keyOf(entryOf(each)))),
    gone: accepted.filter((each) => !present.has(keyOf(each))),
  };
}
