import subject from '../../../../lib/controls/access/kubelet-api-bindings';
import { verdictOn } from '../../../support/verdict-on';

const binding = (role: string, kind: string, name: string) => ({
  metadata: { name: 'a-binding' },
  roleRef: { kind: 'ClusterRole', name: role },
  subjects: [{ kind, name }],
});

describe('access/kubelet-api-bindings', () => {
  test('passes the API server', () => {
    expect(
      verdictOn(subject, { objects: [binding('system:kubelet-api-admin', 'User', 'kube-apiserver-kubelet-client')] }),
    ).toBe('pass');
  });

  test('fails anybody else', () => {
    expect(verdictOn(subject, { objects: [binding('system:kubelet-api-admin', 'ServiceAccount', 'metrics')] })).toBe(
      'fail',
    );
  });
});
