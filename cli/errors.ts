import { exitCodes, formatIssue, HardeningError } from '../lib/errors';
import { makeConsole } from './console';

/** Exit code of a process that the user interrupted, as shells count it. */
export const interrupted = 130;

/**
 * Prints what went wrong and returns the exit code for it. With `--json` stdout carries one object.
 *
 * @param json whether the command was asked for JSON
 */
export function reportError(error: unknown, json: boolean): number {
  const out = makeConsole(json);
  if (!(error instanceof HardeningError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    out.object({ error: { kind: 'internal', issues: [{ code: 'INTERNAL', message: text }] } });
    out.note(`This is an error of the program itself: ${text}`);
    return exitCodes.internal;
  }
  out.object({ error: { kind: error.kind, issues: error.issues } });
  for (const issue of error.issues) out.note(formatIssue(issue));
  return exitCodes[error.kind];
}
