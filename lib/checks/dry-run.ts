import type { Json } from '../settings/setting';
import { type Check, fail, pass } from './check';

/** A server-side dry run of the object is refused with a message that contains `reason`. */
export function dryRunRefused(of: {
  readonly object: Json;
  readonly what: string;
  readonly reason: string;
}): Check<'dry-run'> {
  return {
    scope: 'cluster',
    probe: { kind: 'dry-run', object: of.object },
    expected: `${of.what}: refused with “${of.reason}”`,
    strength: 'effect',
    judge: ({ accepted, message }) => {
      if (accepted) return fail('accepted');
      return message.includes(of.reason)
        ? pass(`refused: ${of.reason}`)
        : fail(`refused for another reason: ${message.slice(0, 160)}`);
    },
  };
}

/** A server-side dry run of the object succeeds: the counterpart that shows a refusal is no accident. */
export function dryRunAccepted(of: { readonly object: Json; readonly what: string }): Check<'dry-run'> {
  return {
    scope: 'cluster',
    probe: { kind: 'dry-run', object: of.object },
    expected: `${of.what}: accepted`,
    strength: 'effect',
    judge: ({ accepted, message }) => (accepted ? pass('accepted') : fail(`refused: ${message.slice(0, 160)}`)),
  };
}
