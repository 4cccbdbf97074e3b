import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { parseSpec } from '../../lib/spec/parse';
import { weakenings } from '../../lib/weakenings';
import { specInput } from '../support/spec';

function resolution(changes: Partial<ClusterSpecInput> = {}) {
  const { spec } = parseSpec(specInput(changes), { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) });
  return resolve(spec, catalogue);
}

const between = (before: Partial<ClusterSpecInput>, after: Partial<ClusterSpecInput>) =>
  weakenings(resolution(before), resolution(after));

test('nothing gets weaker where nothing changes, or where something is added', () => {
  expect(between({}, {})).toEqual([]);
  expect(between({}, { encryption: { resources: ['deployments.apps'] } })).toEqual([]);
});

test('a waiver answers for what it gives up', () => {
  const waiver = { control: 'kubelet/seccomp-default', reason: 'An old runtime of one team needs it.', owner: 'team' };
  const [found, ...rest] = between({}, { waivers: [{ ...waiver, expires: '2026-06-30' }] });
  expect(rest).toEqual([]);
  expect(found).toMatchObject({ of: 'kubelet/seccomp-default', waived: true });
});

test('a resource that is no longer encrypted, and addresses that may reach more, are named', () => {
  expect(between({ encryption: { resources: ['deployments.apps'] } }, {})).toEqual([
    { of: 'encryption.resources', message: 'deployments.apps is no longer encrypted', waived: false },
  ]);
  const { networking } = specInput();
  const open = { networking: { ...networking, allowedApiCidrs: ['0.0.0.0/0'] } };
  expect(between({}, open)).toEqual([
    { of: 'networking.allowedApiCidrs', message: '0.0.0.0/0 may connect too', waived: false },
  ]);
  // A smaller part of what was allowed is not more.
  expect(between(open, {})).toEqual([]);
});

test('a control that another profile lacks is given up', () => {
  const lost = between({ profile: 'strict' }, { profile: 'internet-facing' });
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.every(({ waived }) => !waived)).toBe(true);
});

test('a control that its stronger form replaces is not given up', () => {
  expect(between({ profile: 'internet-facing' }, { profile: 'multi-team' }).map(({ of }) => of)).toEqual([
    'network/api-connection-rate',
  ]);
  expect(between({ profile: 'multi-team' }, { profile: 'internet-facing' }).map(({ of }) => of)).toContain(
    'kubelet/imported-image-credentials',
  );
});

test('what concerned only nodes that left is not given up', () => {
  const { nodes } = specInput();
  expect(between({}, { nodes: nodes.slice(0, 1) })).toEqual([]);
});
