import { proofOf, redact } from '../../../lib/evidence';

describe('redact', () => {
  // Made up; none of them opens anything.
  test.each([
    ['a token', 'Authorization: Bearer abcdef0123456789'],
    ['a JSON Web Token', 'got eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl here'],
    ['a bootstrap token', 'kubeadm join --token 0a1b2c.0123456789abcdef'],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIA\\n-----END EC PRIVATE KEY-----'],
    ['a password of an argument', '--password=hunter22hunter'],
    ['a secret of a field', '{"client-secret":"hunter22hunter"}'],
  ])('takes out %s', (_, text) => {
    expect(redact(text)).toContain('[redacted]');
    expect(redact(text)).not.toMatch(/hunter22|MHcC|abcdef0123|0123456789abcdef|eyJzdWI/);
  });

  test('leaves what only speaks of secrets', () => {
    for (const text of ['--token-auth-file=/etc/x', 'secrets: list', '--kubelet-client-secret=/etc/k', 'v1.36.3']) {
      expect(redact(text)).toBe(text);
    }
  });
});

test('the digest covers the whole, of which the proof shows the beginning', () => {
  const one = proofOf('file-text path=/x', { fact: `${'a'.repeat(5000)}1` });
  const other = proofOf('file-text path=/x', { fact: `${'a'.repeat(5000)}2` });
  expect(one.seen).toBe(other.seen);
  expect(one.seen.length).toBe(600);
  expect(one.sha256).not.toBe(other.sha256);
});
