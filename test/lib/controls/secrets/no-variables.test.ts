import type { ObjectFact } from '../../../../lib/checks';
import subject from '../../../../lib/controls/secrets/no-variables';
import type { Json } from '../../../../lib/settings/setting';
import { verdictOn } from '../../../support/verdict-on';

const refused = { accepted: false, message: 'secrets/no-variables: Secrets are not passed as variables.' };
// As the collector keeps them: what is off the kept paths is an empty object.
const pod = (kind: string, container: Json): ObjectFact => ({
  metadata: { name: 'web', namespace: 'shop' },
  spec: { [kind]: [container] },
});
const on = (objects: readonly ObjectFact[]) => verdictOn(subject, { 'dry-run': refused, objects });
const reference = { valueFrom: { secretKeyRef: { name: 'key' } } };

test('holds where admission refuses it and no pod does it', () => {
  expect(on([])).toBe('pass');
  expect(on([pod('containers', { env: [{}, { valueFrom: {} }], envFrom: [{}] })])).toBe('pass');
});

test.each(['containers', 'initContainers', 'ephemeralContainers'])('finds a pod whose %s take a Secret', (kind) => {
  expect(on([pod(kind, { env: [{}, reference] })])).toBe('fail');
  expect(on([pod(kind, { envFrom: [{ secretRef: { name: 'key' } }] })])).toBe('fail');
});

test('fails where admission lets it through', () => {
  expect(verdictOn(subject, { 'dry-run': { accepted: true, message: '' }, objects: [] })).toBe('fail');
});
