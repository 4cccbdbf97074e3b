import subject from '../../../../lib/controls/pki/etcd-names';
import { verdictOn } from '../../../support/verdict-on';

const certificate = (...sans: readonly string[]) => ({
  certificate: [{ subject: 'CN=cp-1', issuer: 'CN=etcd-ca', sans, notAfter: '2030-01-01T00:00:00Z' }],
});

describe('pki/etcd-names', () => {
  test('passes the names that kubeadm gives', () => {
    expect(verdictOn(subject, certificate('cp-1', 'localhost', '192.0.2.11', '127.0.0.1', '0:0:0:0:0:0:0:1'))).toBe(
      'pass',
    );
  });

  test('fails another name', () => {
    expect(verdictOn(subject, certificate('cp-1', 'etcd.example.org'))).toBe('fail');
  });

  test('fails a certificate without names', () => {
    expect(verdictOn(subject, certificate())).toBe('fail');
  });
});
