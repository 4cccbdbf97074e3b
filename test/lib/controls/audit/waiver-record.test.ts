import { exampleCluster } from '../../../../cli/example-cluster';
import type { Check } from '../../../../lib/checks';
import subject from '../../../../lib/controls/audit/waiver-record';
import type { Waiver } from '../../../../lib/spec/cluster-spec';
import { recordText } from '../../../../lib/spec/waiver-record';

const { cluster } = exampleCluster();
const swap: Waiver = {
  control: 'kubelet/swap',
  reason: 'the machines share their swap',
  owner: 'platform team',
  platform: true,
};
const shop: Waiver = {
  control: 'access/default-service-accounts',
  reason: 'a plugin of the shop needs its token',
  owner: 'shop',
  platform: false,
  expires: '2027-01-31',
  objects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'default' }],
};

/** What is said of a cluster that keeps a record, for a spec with some waivers. */
function on(waivers: readonly Waiver[], record: string | undefined) {
  const [check] = subject.checks({ ...cluster, waivers }) as readonly [Check<'objects'>];
  return check.judge(record === undefined ? [] : [{ data: { 'waivers.json': record } }]);
}

test('holds where both have the same waivers, in whatever order', () => {
  expect(on([], recordText([]))).toMatchObject({ verdict: 'pass' });
  expect(on([swap, shop], recordText([shop, swap]))).toMatchObject({ verdict: 'pass' });
});

test('finds a waiver that the spec does not have, and who answers for it', () => {
  const { verdict, observed } = on([shop], recordText([shop, swap]));
  expect(verdict).toBe('fail');
  expect(observed).toBe(
    'the cluster has waivers that this spec has not: kubelet/swap (platform team); another spec was applied, or this one was not yet',
  );
});

test('finds a waiver that the cluster does not have', () => {
  expect(on([shop], recordText([])).observed).toContain(
    'lacks waivers of this spec: access/default-service-accounts on ServiceAccount shop/default (shop)',
  );
});

test.each([
  ['owner', { owner: 'somebody else' }],
  ['reason', { reason: 'another reason of twenty characters' }],
  ['end', { expires: '2027-02-01' }],
  ['what stands in', { compensatedBy: ['network/default-deny'] }],
] satisfies readonly (readonly [string, Partial<Waiver>])[])('finds another %s', (_, change) => {
  expect(on([shop], recordText([{ ...shop, ...change }]))).toMatchObject({
    verdict: 'fail',
    observed: expect.stringContaining('read otherwise in the cluster: access/default-service-accounts'),
  });
});

test('a record that is missing or no record fails', () => {
  expect(on([], undefined)).toMatchObject({
    verdict: 'fail',
    observed: expect.stringContaining('bulwark up writes it'),
  });
  for (const odd of ['', '{}', '[5]', '[{"control":"x"}]', 'null']) expect(on([], odd).verdict).toBe('fail');
});
