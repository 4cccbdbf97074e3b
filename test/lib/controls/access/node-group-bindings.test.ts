import subject from '../../../../lib/controls/access/node-group-bindings';
import { verdictOn } from '../../../support/verdict-on';

const binding = (role: string, kind: string, name: string) => ({
  metadata: { name: 'a-binding' },
  roleRef: { kind: 'ClusterRole', name: role },
  subjects: [{ kind, name }],
});

describe('access/node-group-bindings', () => {
  test('passes the renewal of certificates', () => {
    expect(
      verdictOn(subject, {
        objects: [
          binding('system:certificates.k8s.io:certificatesigningrequests:selfnodeclient', 'Group', 'system:nodes'),
        ],
      }),
    ).toBe('pass');
  });

  test('fails the legacy role for all nodes', () => {
    expect(verdictOn(subject, { objects: [binding('system:node', 'Group', 'system:nodes')] })).toBe('fail');
  });

  test('fails a role for one node', () => {
    expect(verdictOn(subject, { objects: [binding('view', 'User', 'system:node:worker-1')] })).toBe('fail');
  });
});
