import { isIPv6 } from 'node:net';
import { type Check, fail, pass } from './check';
import type { CertificateFact, Scope } from './probe';

/** In milliseconds. */
const day = 24 * 3600 * 1000;

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

/** Every certificate that the path names is valid for so many days after it was seen. */
export function certificateLifetime(of: {
  readonly scope: Scope;
  readonly path: string;
  readonly days: number;
}): Check<'certificate'> {
  return {
    scope: of.scope,
    probe: { kind: 'certificate', path: of.path },
    expected: `${of.path}: valid for ${of.days} days or more`,
    strength: 'live',
    judge: (certificates, at = '') => {
      if (certificates.length === 0) return fail('no certificate');
      const daysLeft = ({ notAfter }: CertificateFact) => Math.floor((Date.parse(notAfter) - Date.parse(at)) / day);
      // Written so that a date that is none fails.
      const short = certificates.find((certificate) => !(daysLeft(certificate) >= of.days));
      if (short) return fail(`${short.subject} ends ${short.notAfter}`);
      return pass(`${Math.min(...certificates.map(daysLeft))} days left at least`);
    },
  };
}
