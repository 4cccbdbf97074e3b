import subject from '../../../../lib/controls/runtime/endpoint';
import { verdictOn } from '../../../support/verdict-on';

describe('runtime/endpoint', () => {
  test('passes the socket of containerd', () => {
    expect(
      verdictOn(subject, { configz: { containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock' } }),
    ).toBe('pass');
  });

  test('fails another runtime', () => {
    expect(verdictOn(subject, { configz: { containerRuntimeEndpoint: 'unix:///run/other.sock' } })).toBe('fail');
  });

  test('fails another source of images', () => {
    expect(
      verdictOn(subject, {
        configz: {
          containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
          imageServiceEndpoint: 'unix:///run/other.sock',
        },
      }),
    ).toBe('fail');
  });
});
