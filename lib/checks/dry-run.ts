import type { Json } from '../settings/setting';
import { resourceOf } from '../spec/waiver-scope';
import { type Check, fail, pass, type SeenObject } from './check';
import { at, show } from './values';

/** The object that is tried, so that a waiver of its namespace covers what comes of it. */
function tried(object: Json): readonly SeenObject[] {
  const namespace = at(object, 'metadata.namespace');
  return [
    {
      resource: resourceOf(show(at(object, 'kind'))),
      ...(typeof namespace === 'string' && { namespace }),
      name: show(at(object, 'metadata.name')),
    },
  ];
}

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
      if (accepted) return fail('accepted', tried(of.object));
      return message.includes(of.reason)
        ? pass(`refused: ${of.reason}`)
        : fail(`refused for another reason: ${message.slice(0, 160)}`, tried(of.object));
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
    judge: ({ accepted, message }) =>
      accepted ? pass('accepted') : fail(`refused: ${message.slice(0, 160)}`, tried(of.object)),
  };
}
