import type { ObjectFact } from '../../../../lib/checks';
import subject from '../../../../lib/controls/kube-apiserver/priority-and-fairness';
import { verdictOn } from '../../../support/verdict-on';

const schema = (name: string, level: string): ObjectFact => ({
  metadata: { name },
  spec: { priorityLevelConfiguration: { name: level } },
});
const stock = [schema('exempt', 'exempt'), schema('probes', 'exempt'), schema('global-default', 'global-default')];
const on = { status: 200, body: '' };

test('holds where the API server shares its time and no other schema is exempt', () => {
  expect(verdictOn(subject, { http: on, objects: stock })).toBe('pass');
});

test('fails where sharing is off, or somebody made an exemption', () => {
  expect(verdictOn(subject, { http: { status: 404, body: '' }, objects: stock })).toBe('fail');
  expect(verdictOn(subject, { http: on, objects: [...stock, schema('ci', 'exempt')] })).toBe('fail');
});
