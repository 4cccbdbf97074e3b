import { readFileSync } from 'node:fs';
import { HardeningError } from '../../lib/errors';
import { type EscalationBaseline, parseBaseline } from '../../lib/escalation';

/** What is judged less strictly than it could be. */
export interface EnforcementOptions {
  /**
   * Path of a baseline that `bulwark escalations FILES --baseline <path> --accept-all` wrote: ways to more rights that
   * are known and accepted. Others stop the synthesis.
   *
   * @default none is accepted
   */
  readonly escalationBaseline?: string;
}

/** @throws HardeningError of kind `usage` where the file cannot be read or is no baseline */
export function acceptedEscalations({ escalationBaseline: file }: EnforcementOptions): EscalationBaseline | undefined {
  if (file === undefined) return undefined;
  try {
    return parseBaseline(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? 'there is no such file' : 'it is no baseline of escalations';
    const fix = `write it with bulwark escalations FILES --baseline ${file} --accept-all`;
    throw new HardeningError('usage', [{ code: 'ESCALATION_BASELINE', file, message, fix }]);
  }
}
