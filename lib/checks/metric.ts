import { type Check, fail, pass } from './check';
import type { Scope } from './probe';

/** A metric of a text file for Prometheus holds a time that is no older than so many seconds when the file is read. */
export function metricFresh(of: {
  readonly scope: Scope;
  readonly path: string;
  /** A gauge without labels whose value is a Unix time. */
  readonly metric: string;
  readonly seconds: number;
}): Check<'file-text'> {
  const line = new RegExp(`^${of.metric} (\\d+)$`, 'm');
  return {
    scope: of.scope,
    probe: { kind: 'file-text', path: of.path },
    expected: `${of.path}: ${of.metric} at most ${of.seconds / 3600} h old`,
    strength: 'effect',
    judge: (text, at = '') => {
      if (text === null) return fail('no such file');
      const age = Math.floor(Date.parse(at) / 1000) - Number(line.exec(text)?.[1] ?? Number.NaN);
      // Written so that a time that is none fails.
      if (!(age <= of.seconds)) return fail(Number.isNaN(age) ? 'no such metric' : `${Math.floor(age / 3600)} h old`);
      return pass(`${Math.max(0, Math.floor(age / 60))} min old`);
    },
  };
}
