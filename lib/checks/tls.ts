import { type Check, fail, pass } from './check';
import type { Scope, TlsFact, TlsProbe } from './probe';

interface Handshake {
  readonly scope: Scope;
  /** `host:port`; `${node}` stands for the node's address. */
  readonly address: string;
  readonly maximum?: TlsProbe['maximum'];
  readonly ciphers?: string;
}

const probeOf = ({ address, maximum, ciphers }: Handshake): TlsProbe => ({ kind: 'tls', address, maximum, ciphers });

function describe({ address, maximum, ciphers }: Handshake): string {
  const offer = [maximum && `TLS ≤ ${maximum}`, ciphers && `ciphers ${ciphers}`].filter(Boolean).join(', ');
  return offer ? `${address} offered ${offer}` : address;
}

const agreed = ({ version, cipher }: TlsFact): string =>
  `accepted ${[version, cipher].filter(Boolean).join(' ')}`.trim();

const refused = ({ error = '' }: TlsFact): string => `refused: ${error.slice(0, 120)}`;

/** The alerts by which a server answers an offer that it does not take; `internal error` is none of them. */
const turnedDown = /alert[ _](protocol[ _]version|handshake[ _]failure|insufficient[ _]security)/i;

/**
 * The server turns the offer down with a TLS alert. Any other failure is a fail: a closed port, or a client that cannot
 * make the offer, would not show what the server does.
 */
export function tlsRefused(handshake: Handshake): Check<'tls'> {
  return {
    scope: handshake.scope,
    probe: probeOf(handshake),
    expected: `${describe(handshake)}: handshake refused`,
    strength: 'effect',
    judge: (fact) => {
      if (fact.accepted) return fail(agreed(fact));
      return turnedDown.test(fact.error ?? '') ? pass(refused(fact)) : fail(refused(fact));
    },
  };
}

/** The server's certificate comes from the issuer that `issuer` matches. */
export function tlsIssuer(
  handshake: Handshake & { readonly issuer: RegExp; readonly issuerText: string },
): Check<'tls'> {
  return {
    scope: handshake.scope,
    probe: probeOf(handshake),
    expected: `${handshake.address}: certificate issued by ${handshake.issuerText}`,
    strength: 'effect',
    judge: (fact) => {
      if (!fact.accepted) return fail(refused(fact));
      const observed = `issuer ${fact.issuer ?? 'unknown'}`;
      return handshake.issuer.test(fact.issuer ?? '') ? pass(observed) : fail(observed);
    },
  };
}

/**
 * The server ends the handshake because no client certificate came. TLS 1.2 is offered with every suite, so that nothing
 * but the certificate is left to refuse; in 1.3 the alert comes after the handshake and may be lost.
 */
export function clientCertificateDemanded(of: { readonly scope: Scope; readonly address: string }): Check<'tls'> {
  return {
    scope: of.scope,
    probe: probeOf({ ...of, maximum: '1.2' }),
    expected: `${of.address}: a client certificate is demanded`,
    strength: 'effect',
    judge: (fact) => {
      if (fact.accepted) return fail(agreed(fact));
      const demanded = /alert[ _](bad[ _]certificate|certificate[ _]required|handshake[ _]failure)/i.test(
        fact.error ?? '',
      );
      return demanded ? pass(refused(fact)) : fail(refused(fact));
    },
  };
}
