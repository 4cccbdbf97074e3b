import type { Probe } from '../../../lib/checks/probe';
import { catalogue } from '../../../lib/controls/registry';
import { profileNames } from '../../../lib/profiles/profile';
import { resolve } from '../../../lib/resolve';
import { clusterSpecSchema } from '../../../lib/spec/cluster-spec';
import { apiRights } from '../../../lib/verification/api-rights';
import { specInput } from '../../support/spec';

const probes = profileNames.flatMap((profile) => {
  const { cluster, controls } = resolve(clusterSpecSchema.parse(specInput({ profile })), catalogue);
  return controls.flatMap((control) => control.checks(cluster)).map(({ probe }) => probe);
});

test('nobody’s Secret may be read, nothing may be changed, and no kubelet may be used as a shell', () => {
  const rights = apiRights(probes);
  expect(rights.length).toBeGreaterThan(5);
  expect(rights.filter(({ resource }) => /secrets|proxy|exec|tokenreviews|serviceaccounts\//.test(resource))).toEqual(
    [],
  );
  // A review is an answer, not an object that stays.
  expect(rights.filter(({ verb }) => verb !== 'get' && verb !== 'list')).toEqual([
    { apiGroup: 'authorization.k8s.io', resource: 'subjectaccessreviews', verb: 'create' },
  ]);
});

test('no right is wider than its probe', () => {
  const objects = (of: Partial<Probe>): Probe => ({ kind: 'objects', resource: 'pods', keep: [], ...of }) as Probe;
  expect(apiRights([objects({})])).toEqual([{ apiGroup: '', resource: 'pods', verb: 'list' }]);
  expect(
    apiRights([objects({ resource: 'daemonsets.apps', namespace: 'kube-system', name: 'cilium' } as Probe)]),
  ).toEqual([{ namespace: 'kube-system', apiGroup: 'apps', resource: 'daemonsets', verb: 'get', name: 'cilium' }]);
  expect(
    apiRights([objects({ resource: 'secrets' } as Probe), { kind: 'audit-canary' }, { kind: 'versions' }]),
  ).toEqual([]);
});
