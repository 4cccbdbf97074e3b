import {
  accessAllowed,
  accessDenied,
  auditCanary,
  auditCanaryWithoutBody,
  dryRunAccepted,
  dryRunRefused,
  etcdTransformer,
  objectsAbsent,
  objectsAll,
} from '../../../lib/checks';

describe('etcdTransformer', () => {
  const transformer = 'k8s:enc:secretbox:v1:';
  const { judge } = etcdTransformer({ prefix: '/registry/secrets/', transformer });

  test('passes where every value is encrypted', () => {
    expect(judge({ keys: 3, transformers: { [transformer]: 3 } })).toEqual({ verdict: 'pass', observed: '3 of 3' });
  });

  test('fails for one value in clear, for another transformer and for no value at all', () => {
    expect(judge({ keys: 3, transformers: { [transformer]: 2, plain: 1 } }).verdict).toBe('fail');
    expect(judge({ keys: 1, transformers: { 'k8s:enc:aescbc:v1:': 1 } }).verdict).toBe('fail');
    expect(judge({ keys: 0, transformers: {} }).verdict).toBe('fail');
  });
});

describe('objects', () => {
  const account = (namespace: string, token?: boolean) => ({
    metadata: { name: 'default', namespace },
    ...(token !== undefined && { automountServiceAccountToken: token }),
  });
  const all = objectsAll({
    resource: 'serviceaccounts',
    keep: ['automountServiceAccountToken'],
    holds: ({ automountServiceAccountToken }) => automountServiceAccountToken === false,
    expected: 'no tokens',
  });

  test('all must hold, and one must exist', () => {
    expect(all.judge([account('a', false), account('b', false)]).verdict).toBe('pass');
    expect(all.judge([account('a', false), account('b')])).toMatchObject({
      verdict: 'fail',
      observed: 'not: b/default',
    });
    expect(all.judge([]).verdict).toBe('fail');
  });

  test('names what should not exist, five at most', () => {
    const { judge, probe } = objectsAbsent({ resource: 'secrets', keep: ['type'], where: ({ type }) => type === 'x' });
    expect(probe.keep).toEqual(['metadata.name', 'metadata.namespace', 'type']);
    expect(judge([{ metadata: { name: 'a' }, type: 'y' }]).verdict).toBe('pass');
    const seven = Array.from({ length: 7 }, (_, index) => ({ metadata: { name: `s${index}` }, type: 'x' }));
    expect(judge(seven)).toMatchObject({ verdict: 'fail', observed: 's0, s1, s2, s3, s4 and 2 more' });
    expect(judge(seven)).toHaveProperty('objects.6', { resource: 'secrets', name: 's6' });
  });
});

test('access is what the authorizers say', () => {
  const question = { user: 'u', verb: 'get', resource: 'secrets' };
  expect(accessDenied(question).judge({ allowed: false, reason: '' }).verdict).toBe('pass');
  expect(accessDenied(question).judge({ allowed: true, reason: 'RBAC' }).verdict).toBe('fail');
  expect(accessAllowed(question).judge({ allowed: true, reason: 'RBAC' }).verdict).toBe('pass');
  expect(accessAllowed(question).judge({ allowed: false, reason: '' }).verdict).toBe('fail');
});

test('a refusal counts only for its reason', () => {
  const { judge } = dryRunRefused({ object: {}, what: 'a pod', reason: 'violates PodSecurity' });
  expect(judge({ accepted: false, message: 'pods "x" is forbidden: violates PodSecurity "…"' }).verdict).toBe('pass');
  expect(judge({ accepted: false, message: 'namespace not found' }).verdict).toBe('fail');
  expect(judge({ accepted: true, message: '' }).verdict).toBe('fail');
  expect(dryRunAccepted({ object: {}, what: 'a pod' }).judge({ accepted: false, message: 'x' }).verdict).toBe('fail');
});

describe('the audit canary', () => {
  const events = ['create', 'get', 'delete'].map((verb) => ({ verb, level: 'Metadata' }));

  test('must be seen with every verb', () => {
    const { judge } = auditCanary(['create', 'get', 'delete']);
    expect(judge({ events, bodyLogged: false }).verdict).toBe('pass');
    expect(judge({ events: events.slice(0, 2), bodyLogged: false })).toEqual({
      verdict: 'fail',
      observed: 'missing: delete',
    });
  });

  test('must be seen, at Metadata, without its value', () => {
    const { judge } = auditCanaryWithoutBody();
    expect(judge({ events, bodyLogged: false }).verdict).toBe('pass');
    expect(judge({ events, bodyLogged: true }).verdict).toBe('fail');
    expect(judge({ events: [], bodyLogged: false }).verdict).toBe('fail');
    expect(judge({ events: [{ verb: 'create', level: 'Request' }], bodyLogged: false }).verdict).toBe('fail');
  });
});
