import { type Check, fail, pass } from './check';

/** Every verb of the canary Secret's life is in the audit log. */
export function auditCanary(verbs: readonly string[]): Check<'audit-canary'> {
  return {
    scope: 'cluster',
    probe: { kind: 'audit-canary' },
    expected: `the audit log holds ${verbs.join(', ')} of a canary Secret`,
    strength: 'effect',
    judge: ({ events }) => {
      const seen = new Set(events.map(({ verb }) => verb));
      const missing = verbs.filter((verb) => !seen.has(verb));
      return missing.length === 0 ? pass(`${events.length} events`) : fail(`missing: ${missing.join(', ')}`);
    },
  };
}

/** The canary was logged, at level Metadata only, and its value is nowhere in the log. */
export function auditCanaryWithoutBody(): Check<'audit-canary'> {
  return {
    scope: 'cluster',
    probe: { kind: 'audit-canary' },
    expected: 'the audit log holds the canary Secret at level Metadata, never its value',
    strength: 'effect',
    judge: ({ events, bodyLogged }) => {
      if (bodyLogged) return fail('the value is in the log');
      if (events.length === 0) return fail('no event');
      const other = events.find(({ level }) => level !== 'Metadata');
      return other ? fail(`${other.verb} at level ${other.level}`) : pass(`${events.length} events at Metadata`);
    },
  };
}
