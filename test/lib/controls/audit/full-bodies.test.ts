import { exampleSpec } from '../../../../cli/example-cluster';
import subject from '../../../../lib/controls/audit/full-bodies';
import { catalogue } from '../../../../lib/controls/registry';
import { resolve } from '../../../../lib/resolve';
import { parseSpec } from '../../../../lib/spec/parse';
import { makeBundle } from '../../../../stacks/cluster-bundle';
import { verdictOn } from '../../../support/verdict-on';

/** The audit policy that is rendered for the example with a profile. */
function policy(profile: string): string {
  const text = exampleSpec().replace(/^profile: .*/m, `profile: ${profile}`);
  const { spec } = parseSpec(text, { today: '1970-01-01', controlIds: catalogue.map(({ id }) => id) });
  const bundle = makeBundle(resolve(spec, catalogue));
  return bundle.get('nodes/cp-1/files/etc/kubernetes/bulwark/apiserver/audit/policy.yaml') ?? '';
}

test('is seen in the policy of strict, and not in that of others', () => {
  expect(verdictOn(subject, { 'file-text': policy('strict') })).toBe('pass');
  expect(verdictOn(subject, { 'file-text': policy('multi-team') })).toBe('fail');
});

test('comes behind what leaves out Secrets and tokens', () => {
  const text = policy('strict');
  expect(text.indexOf('- secrets')).toBeGreaterThan(0);
  expect(text.indexOf('- secrets')).toBeLessThan(text.lastIndexOf('- level: RequestResponse'));
});
