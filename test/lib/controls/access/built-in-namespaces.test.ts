import type { ObjectFact } from '../../../../lib/checks';
import subject from '../../../../lib/controls/access/built-in-namespaces';
import { verdictOn } from '../../../support/verdict-on';

const named = (name: string): ObjectFact => ({ metadata: { name, namespace: 'default' } });

test('finds what users left there', () => {
  expect(verdictOn(subject, { objects: [] })).toBe('pass');
  expect(verdictOn(subject, { objects: [named('shop')] })).toBe('fail');
});

test('the Service of the API itself is the cluster’s', () => {
  const checks = subject.checks({} as never);
  const services = checks.find(({ probe }) => probe.kind === 'objects' && probe.resource === 'services');
  const judge = services?.judge as (fact: readonly ObjectFact[]) => { verdict: string };
  expect(judge([named('kubernetes')]).verdict).toBe('pass');
  expect(judge([named('kubernetes'), named('shop')]).verdict).toBe('fail');
});
