import { isIPv6 } from 'node:net';
import { type Check, fail, pass } from './check';
import type { Scope } from './probe';

/** Every certificate that the path names was issued by a subject that `issuer` matches. */
export function certificateIssuer(of: {
  readonly scope: Scope;
  readonly path: string;
  readonly issuer: RegExp;
  readonly issuerText: string;
}): Check<'certificate'> {
  return {
    scope: of.scope,
    probe: { kind: 'certificate', path: of.path },
    expected: `${of.path}: issued by ${of.issuerText}`,
    strength: 'live',
    judge: (certificates) => {
      if (certificates.length === 0) return fail('no certificate');
      const other = certificates.find(({ issuer }) => !of.issuer.test(issuer));
      return other ? fail(`issued by ${other.issuer}`) : pass(`issued by ${of.issuerText}`);
    },
  };
}

/** Every certificate that the path names has subject names, and none but `names`. */
export function certificateNames(of: {
  readonly scope: Scope;
  readonly path: string;
  readonly names: readonly string[];
}): Check<'certificate'> {
  const allowed = of.names.map(canonical);
  return {
    scope: of.scope,
    probe: { kind: 'certificate', path: of.path },
    expected: `${of.path}: names none but ${of.names.join(', ')}`,
    strength: 'live',
    judge: (certificates) => {
      const names = certificates.flatMap(({ sans }) => sans);
      if (names.length === 0) return fail('no certificate with names');
      const other = names.filter((name) => !allowed.includes(canonical(name)));
      return other.length === 0 ? pass(names.join(', ')) : fail(`also ${other.slice(0, 5).join(', ')}`);
    },
  };
}

/** One spelling for each IPv6 address: certificates are read with all groups written out. */
const canonical = (name: string): string => (isIPv6(name) ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name);
