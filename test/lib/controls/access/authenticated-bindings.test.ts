import subject from '../../../../lib/controls/access/authenticated-bindings';
import { verdictOn } from '../../../support/verdict-on';

const binding = (role: string, kind: string, name: string) => ({
  metadata: { name: 'a-binding' },
  roleRef: { kind: 'ClusterRole', name: role },
  subjects: [{ kind, name }],
});

describe('access/authenticated-bindings', () => {
  test('passes the bindings that Kubernetes makes', () => {
    expect(verdictOn(subject, { objects: [binding('system:discovery', 'Group', 'system:authenticated')] })).toBe(
      'pass',
    );
  });

  test('passes a role for one account', () => {
    expect(verdictOn(subject, { objects: [binding('view', 'ServiceAccount', 'reader')] })).toBe('pass');
  });

  test('fails a role for everybody who logged in', () => {
    expect(verdictOn(subject, { objects: [binding('view', 'Group', 'system:authenticated')] })).toBe('fail');
  });

  test('fails a role for the pods of a namespace', () => {
    expect(verdictOn(subject, { objects: [binding('admin', 'Group', 'system:serviceaccounts:shop')] })).toBe('fail');
  });
});
