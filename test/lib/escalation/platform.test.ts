import { parseAllDocuments } from 'yaml';
import { type Escalation, findEscalations } from '../../../lib/escalation';
import type { Fields } from '../../../lib/fields';
import { manifestsOf } from '../../constructs/platform-fixture';
import { bank, objectsOfTenants, shop } from '../../constructs/tenancy/tenant-fixture';
import { bind, deployment } from './manifests';

const platform = Object.values(manifestsOf({ namespaces: [{ name: 'shared' }] })).flatMap((yaml) =>
  parseAllDocuments(yaml).map((document): Fields => document.toJSON()),
);
const tenants = objectsOfTenants(shop, bank) as Fields[];
const textsOf = (found: readonly Escalation[]) => found.map(({ finding }) => `${finding.severity} ${finding.message}`);

/** The network plugin's agent works on the node itself. */
const agent = 'warning pod of DaemonSet kube-system/cilium → non-default capabilities → root on a node';

test('the platform and its tenants have no way up but the one that the network plugin is', () => {
  expect(platform.length).toBeGreaterThan(25);
  expect(textsOf(findEscalations([...platform, ...tenants]))).toEqual([agent]);
});

test('one account too powerful in a namespace of a tenant is a way up for its developers', () => {
  const planted = [deployment('shop', 'deployer'), bind('ServiceAccount shop/deployer', 'cluster-admin')];
  const up = 'any pod in shop → its token → ServiceAccount shop/deployer → every right → administrator of the cluster';
  const found = textsOf(findEscalations([...platform, ...tenants, ...planted]));
  expect(found).toContain(`error Group oidc:shop-developers → create deployments.apps in shop → ${up}`);
  expect(found.filter((text) => text.includes('oidc:bank'))).toEqual([]);
  expect(found.filter((text) => text.includes('oidc:shop-viewers'))).toEqual([]);
  // Commands in its pod are enough for whoever was granted exec.
  expect(found.find((text) => text.includes('oidc:shop-on-call'))).toContain('create pods/exec in shop');
});
