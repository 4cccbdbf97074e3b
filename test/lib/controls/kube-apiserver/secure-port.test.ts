import subject from '../../../../lib/controls/kube-apiserver/secure-port';
import { verdictOn } from '../../../support/verdict-on';

const seen = (args: readonly string[], port: number) => ({
  process: [{ pid: 1, uid: 0, args: ['kube-apiserver', ...args] }],
  listeners: [{ protocol: 'tcp' as const, address: '::', port, process: 'kube-apiserver' }],
});

describe('kube-apiserver/secure-port', () => {
  test('passes one port with TLS', () => {
    expect(verdictOn(subject, seen(['--secure-port=6443'], 6443))).toBe('pass');
  });

  test('fails a server without a secure port', () => {
    expect(verdictOn(subject, seen(['--secure-port=0'], 6443))).toBe('fail');
  });

  test('fails the old argument', () => {
    expect(verdictOn(subject, seen(['--secure-port=6443', '--insecure-port=8080'], 6443))).toBe('fail');
  });

  test('fails the old port', () => {
    expect(verdictOn(subject, seen(['--secure-port=6443'], 8080))).toBe('fail');
  });
});
