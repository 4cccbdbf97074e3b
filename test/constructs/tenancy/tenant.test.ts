import { InteractiveAccess, rulesOf, TeamRole } from '../../../constructs/tenancy/team-role';
import { judgeManifest } from '../../../lib/lint/judge-manifest';
import { bank, objectsOfTenants, shop } from './tenant-fixture';

const objects = objectsOfTenants(shop, bank);
const of = (kind: string, namespace?: string) =>
  objects.filter((object) => object.kind === kind && object.metadata.namespace === namespace);

describe('a tenant', () => {
  test('has nothing that the linter finds', () => {
    expect(objects.flatMap((object) => judgeManifest(object, '2026-01-01').findings)).toEqual([]);
  });

  test('names no object twice', () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('marks its namespaces and holds them to restricted', () => {
    expect(of('Namespace').map(({ metadata }) => metadata.labels['bulwark.dev/tenant'])).toEqual([
      'shop',
      'shop',
      'bank',
    ]);
    for (const { metadata } of of('Namespace')) {
      expect(metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    }
  });

  test("a namespace's own quota goes before the tenant's", () => {
    const pods = (namespace: string) => of('ResourceQuota', namespace)[0].spec.hard.pods;
    expect([pods('shop'), pods('shop-test')]).toEqual([50, 5]);
  });

  test('binds a group only where it works, and nobody cluster-wide', () => {
    const groups = (namespace: string) => of('RoleBinding', namespace).map(({ subjects }) => subjects[0].name);
    expect(groups('shop')).toContain('oidc:shop-on-call');
    expect(groups('shop-test')).not.toContain('oidc:shop-on-call');
    expect(groups('bank')).toEqual(['oidc:bank-developers']);
    expect(objects.filter(({ kind }) => /^ClusterRole/.test(kind))).toEqual([]);
  });

  test.each([
    [
      'a group of the system',
      { groups: [{ group: 'system:authenticated', role: TeamRole.VIEWER }] },
      'groups[0].group',
    ],
    ["the cluster's namespace", { namespaces: [{ name: 'kube-system' }] }, 'namespaces[0].name'],
    ['a registry with its scheme', { registries: ['https://registry.example'] }, 'registries[0]'],
    ['no registry', { registries: [] }, 'registries: no image could run'],
    ["somebody else's namespace", { groups: [{ group: 'a', role: TeamRole.VIEWER, namespaces: ['bank'] }] }, 'shop'],
    ['a quote in a class', { storageClasses: ["fast']"] }, 'no class name'],
  ])('%s is refused with its place', (_what, changes, place) => {
    expect(() => objectsOfTenants({ ...shop, ...changes })).toThrow(place);
  });
});

/** What turns a role into more than it says, as `resource.verb`; a star stands for any. */
const forbidden: readonly (readonly [resource: RegExp, verb: RegExp])[] = [
  [/\*/, /./],
  [/./, /^(\*|bind|escalate|impersonate.*|approve|sign|use|deletecollection)$/],
  [
    /^(nodes|persistentvolumes|storageclasses|.*webhookconfigurations|.*admissionpolic.*|certificatesigningrequests)/,
    /./,
  ],
  [
    /^(endpoints|endpointslices|services\/status|pods\/status|namespaces|resourcequotas|limitranges)$/,
    /^(?!get$|list$|watch$)/,
  ],
  [/^(roles|rolebindings)$/, /^(?!get$|list$|watch$)/],
  [/^(serviceaccounts\/token|clusterroles|clusterrolebindings|pods\/ephemeralcontainers)$/, /./],
];
const interactive = /^(pods\/(exec|attach|portforward|proxy)|services\/proxy|nodes\/proxy)$/;

const grantsOf = (rules: ReturnType<typeof rulesOf>) =>
  rules.flatMap(({ apiGroups = [], resources = [], verbs }) =>
    apiGroups.includes('*') ? ['*.*'] : resources.flatMap((resource) => verbs.map((verb) => `${resource} ${verb}`)),
  );
const tooMuch = (grant: string) =>
  forbidden.some(
    ([resource, verb]) => resource.test(grant.split(' ')[0] ?? '') && verb.test(grant.split(' ')[1] ?? ''),
  );

describe.each(Object.values(TeamRole))('the role %s', (role) => {
  test('holds nothing by which one becomes more, and no way into pods', () => {
    const grants = grantsOf(rulesOf(role));
    expect(grants.length).toBeGreaterThan(20);
    expect(grants.filter(tooMuch)).toEqual([]);
    expect(grants.filter((grant) => interactive.test(grant.split(' ')[0] ?? ''))).toEqual([]);
  });

  test.each(Object.values(InteractiveAccess))('gets %s where it is granted, and nothing else with it', (access) => {
    const before = grantsOf(rulesOf(role));
    const added = grantsOf(rulesOf(role, [access])).filter((grant) => !before.includes(grant));
    expect(added.length).toBeGreaterThan(0);
    expect(added.filter((grant) => !interactive.test(grant.split(' ')[0] ?? ''))).toEqual([]);
  });
});

test.each(['pods bind', 'nodes/proxy get', '* get', 'endpointslices create', 'services/status patch', 'secrets *'])(
  '%s would be found',
  (grant) => expect(tooMuch(grant)).toBe(true),
);
