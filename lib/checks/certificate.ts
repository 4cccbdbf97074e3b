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
