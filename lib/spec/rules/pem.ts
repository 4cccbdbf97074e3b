import type { PropertyPath } from '../document';
import type { Finding, Rule } from '../finding';

const certificates = /^(\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

/** A certificate authority is PEM text, not the path of a file: the same spec must mean the same bytes everywhere. */
export const pem: Rule = ({ authentication, registry }) => {
  const texts: readonly { readonly text: string | undefined; readonly path: PropertyPath }[] = [
    { text: registry?.certificateAuthority, path: ['registry', 'certificateAuthority'] },
    ...(authentication?.oidc ?? []).map((issuer, index) => ({
      text: issuer?.certificateAuthority,
      path: ['authentication', 'oidc', index, 'certificateAuthority'],
    })),
  ];
  return texts.flatMap(({ text, path }): Finding[] =>
    text === undefined || certificates.test(text)
      ? []
      : [
          {
            code: 'SPEC_NOT_PEM',
            path,
            message: 'this is no bundle of PEM certificates',
            got: /PRIVATE KEY/.test(text) ? 'a private key' : `a text of ${text.length} characters`,
            allowed: 'one or more `-----BEGIN CERTIFICATE-----` blocks and nothing else',
            fix: 'paste the certificates themselves, as a YAML block text (`|`)',
          },
        ],
  );
};
