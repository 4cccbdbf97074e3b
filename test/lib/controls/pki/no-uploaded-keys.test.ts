import subject from '../../../../lib/controls/pki/no-uploaded-keys';
import { verdictOn } from '../../../support/verdict-on';

describe('pki/no-uploaded-keys', () => {
  test('passes other Secrets', () => {
    expect(
      verdictOn(subject, { objects: [{ metadata: { name: 'other', namespace: 'kube-system' }, type: 'Opaque' }] }),
    ).toBe('pass');
  });

  test('fails uploaded keys', () => {
    expect(
      verdictOn(subject, {
        objects: [{ metadata: { name: 'kubeadm-certs', namespace: 'kube-system' }, type: 'Opaque' }],
      }),
    ).toBe('fail');
  });
});
