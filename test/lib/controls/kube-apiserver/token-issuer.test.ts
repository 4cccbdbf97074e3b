import subject from '../../../../lib/controls/kube-apiserver/token-issuer';
import { verdictOn } from '../../../support/verdict-on';

const apiServer = (...args: readonly string[]) => ({
  process: [{ pid: 1, uid: 0, args: ['kube-apiserver', ...args] }],
});

describe('kube-apiserver/token-issuer', () => {
  test('passes what kubeadm writes', () => {
    expect(verdictOn(subject, apiServer('--service-account-issuer=https://kubernetes.default.svc.cluster.local'))).toBe(
      'pass',
    );
  });

  test('fails another issuer', () => {
    expect(verdictOn(subject, apiServer('--service-account-issuer=https://example.org'))).toBe('fail');
  });

  test('fails further audiences', () => {
    expect(
      verdictOn(
        subject,
        apiServer('--service-account-issuer=https://kubernetes.default.svc.cluster.local', '--api-audiences=vault'),
      ),
    ).toBe('fail');
  });
});
