import subject from '../../../../lib/controls/network/default-deny';
import { catalogue } from '../../../../lib/controls/registry';
import { resolve } from '../../../../lib/resolve';
import { parseSpec } from '../../../../lib/spec/parse';
import { specInput } from '../../../support/spec';
import { verdictOn } from '../../../support/verdict-on';

const policy = (name: string, spec: object) => ({ objects: [{ metadata: { name }, spec: { ...spec } }] });

describe('network/default-deny', () => {
  const deny = { endpointSelector: {}, enableDefaultDeny: { ingress: true, egress: true } };

  test('passes a cluster-wide deny of any name', () => {
    expect(verdictOn(subject, policy('theirs', deny))).toBe('pass');
  });

  test('fails none, one for some pods, one way only', () => {
    expect(verdictOn(subject, { objects: [] })).toBe('fail');
    expect(verdictOn(subject, policy('a', { ...deny, endpointSelector: { matchLabels: { app: 'a' } } }))).toBe('fail');
    expect(verdictOn(subject, policy('a', { ...deny, enableDefaultDeny: { ingress: true } }))).toBe('fail');
  });

  test('with another network each namespace needs one that lets nothing in', () => {
    const input = specInput({
      cni: { name: 'external', enforcesNetworkPolicies: true },
      namespaces: [{ name: 'shop' }],
    });
    const { spec } = parseSpec(input, { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) });
    const [check] = subject.checks(resolve(spec, catalogue).cluster);
    if (check?.probe.kind !== 'objects') throw new Error('the check is another one');
    const verdict = (of: object) =>
      (check.judge as (fact: unknown) => { verdict: string })(policy('p', of).objects).verdict;
    expect(verdict({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })).toBe('pass');
    expect(verdict({ podSelector: {}, policyTypes: ['Egress'] })).toBe('fail');
    expect(verdict({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] })).toBe('fail');
    expect(verdict({ podSelector: { matchLabels: { a: 'b' } }, policyTypes: ['Ingress'] })).toBe('fail');
  });
});
