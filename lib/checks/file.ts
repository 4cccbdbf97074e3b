import { type Check, fail, notApplicable, pass } from './check';
import type { FileFact, Scope } from './probe';

const shown = ({ path, mode, owner, group }: FileFact): string => `${path} ${mode} ${owner}:${group}`;

/** Whether `mode` grants nothing that `limit` does not; both are octal digits. */
const within = (mode: string, limit: string): boolean => {
  const bits = Number.parseInt(mode, 8);
  return !Number.isNaN(bits) && (bits & ~Number.parseInt(limit, 8)) === 0;
};

/**
 * Every file that the path or glob names grants at most `mode` and belongs to `owner:group`. A link has no mode of its
 * own; what it points to counts where the path names that too.
 */
export function fileMode(of: {
  readonly scope: Scope;
  readonly path: string;
  readonly mode: string;
  /** @default 'root' */
  readonly owner?: string;
  /** @default 'root' */
  readonly group?: string;
  /** What no such file means. @default 'fail' */
  readonly absent?: 'fail' | 'not-applicable';
}): Check<'file'> {
  const { owner = 'root', group = 'root' } = of;
  return {
    scope: of.scope,
    probe: { kind: 'file', path: of.path },
    expected: `${of.path}: mode ${of.mode} or less, ${owner}:${group}`,
    strength: 'live',
    judge: (facts) => {
      if (facts.length === 0)
        return of.absent === 'not-applicable' ? notApplicable('no such file') : fail('no such file');
      const files = facts.filter(({ type }) => type !== 'link');
      const [first] = files;
      if (!first) return fail('links only');
      const loose = files.find((fact) => !within(fact.mode, of.mode) || fact.owner !== owner || fact.group !== group);
      if (loose) return fail(shown(loose));
      return pass(files.length === 1 ? shown(first) : `${files.length} files within`);
    },
  };
}

/** Nothing exists at the path. */
export function fileAbsent(of: { readonly scope: Scope; readonly path: string }): Check<'file'> {
  return {
    scope: of.scope,
    probe: { kind: 'file', path: of.path },
    absence: true,
    expected: `${of.path} does not exist`,
    strength: 'effect',
    judge: (facts) => {
      const [first] = facts;
      return first ? fail(shown(first)) : pass('absent');
    },
  };
}

/** The file's text matches, and lacks what it must not hold. For settings that no running program reports. */
export function fileText(of: {
  readonly scope: Scope;
  readonly path: string;
  readonly matches?: RegExp;
  readonly lacks?: RegExp;
  readonly expected: string;
}): Check<'file-text'> {
  const { matches = /^/, lacks } = of;
  return {
    scope: of.scope,
    probe: { kind: 'file-text', path: of.path },
    expected: `${of.path}: ${of.expected}`,
    strength: 'text',
    judge: (text) => {
      if (text === null) return fail('no such file');
      if (lacks?.test(text)) return fail('found what must not be there');
      return matches.test(text) ? pass('as expected') : fail('not found');
    },
  };
}
