import type { Target } from './attack';

/** A fresh key and a certificate request signed by it. */
export interface CertificateRequest {
  /** PEM. */
  readonly key: string;
  /** Base64 of the PEM, as a CertificateSigningRequest carries it. */
  readonly request: string;
}

/**
 * Makes a key and a certificate request with OpenSSL.
 *
 * @param subject in OpenSSL's slash notation
 * @param names subject alternative names, for example `IP:192.0.2.1,DNS:cp-1`
 */
export async function certificateRequest(target: Target, subject: string, names?: string): Promise<CertificateRequest> {
  const made = await target.outside([
    'openssl',
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    '-',
    '-subj',
    subject,
    ...(names ? ['-addext', `subjectAltName=${names}`] : []),
  ]);
  const block = (label: string) =>
    new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----\\n?`).exec(made.stdout)?.[0];
  const key = block('PRIVATE KEY');
  const request = block('CERTIFICATE REQUEST');
  if (!key || !request) throw new Error(`openssl req: ${made.stderr}`);
  return { key, request: Buffer.from(request).toString('base64') };
}
