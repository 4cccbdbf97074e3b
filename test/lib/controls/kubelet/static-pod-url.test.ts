import subject from '../../../../lib/controls/kubelet/static-pod-url';
import { verdictOn } from '../../../support/verdict-on';

const seen = (configz: { readonly [key: string]: string }, ...args: readonly string[]) => ({
  configz,
  process: [{ pid: 1, uid: 0, args: ['kubelet', ...args] }],
});

describe('kubelet/static-pod-url', () => {
  test('passes a kubelet without an address', () => {
    expect(verdictOn(subject, seen({ staticPodPath: '/etc/kubernetes/manifests' }))).toBe('pass');
  });

  test('fails an address in the configuration', () => {
    expect(verdictOn(subject, seen({ staticPodURL: 'https://example.org/pods' }))).toBe('fail');
  });

  test('fails an address as an argument', () => {
    expect(verdictOn(subject, seen({ address: '0.0.0.0' }, '--manifest-url=https://example.org/pods'))).toBe('fail');
  });
});
