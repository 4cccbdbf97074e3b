import type { Fields } from '../../../lib/fields';
import { judgeManifest, lintRules } from '../../../lib/lint/judge-manifest';

const today = '2026-01-01';
const digest = `@sha256:${'a'.repeat(64)}`;

/** A pod that no rule finds anything about. */
const goodContainer = {
  name: 'main',
  image: `registry.example/app${digest}`,
  readinessProbe: { tcpSocket: { port: 80 } },
  resources: {
    requests: { cpu: '1m', memory: '1Mi', 'ephemeral-storage': '1Mi' },
    limits: { cpu: '1m', memory: '1Mi', 'ephemeral-storage': '1Mi' },
  },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
};
const goodSpec = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  hostUsers: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 25000,
    runAsGroup: 26000,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  containers: [goodContainer],
};
const pod = (spec: Fields, container: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { ...goodSpec, containers: [{ ...goodContainer, ...container }], ...spec },
});
/** Without what only Linux has. */
const windowsPod = (securityContext: Fields): Fields =>
  pod(
    { os: { name: 'windows' }, hostUsers: undefined, securityContext: { runAsNonRoot: true, ...securityContext } },
    { securityContext: {} },
  );
const token = (serviceAccountToken: Fields) => ({
  volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken }] } }],
});
const rbac = 'rbac.authorization.k8s.io/v1';
const role = (rule: Fields): Fields => ({ apiVersion: rbac, kind: 'Role', metadata: { name: 'r' }, rules: [rule] });
const binding = (roleRef: string, subject: string): Fields => ({
  apiVersion: rbac,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'b' },
  roleRef: { kind: 'ClusterRole', name: roleRef },
  subjects: [{ kind: 'Group', name: subject }],
});
const env = (name: string, value: string) => pod({}, { env: [{ name, value }] });
const settings = (data: Fields): Fields => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data });
const service = (spec: Fields): Fields => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec });
const container = 'spec.containers[0]';

/** What is wrong, the control that says so, and where. */
const bad: readonly (readonly [string, Fields, string, string])[] = [
  [
    'a token by default',
    pod({ automountServiceAccountToken: undefined }),
    'pods/service-account-token',
    'spec.automountServiceAccountToken',
  ],
  [
    'a token for no audience',
    pod(token({ path: 't' })),
    'pods/service-account-token',
    'spec.volumes[0].projected.sources[0].serviceAccountToken',
  ],
  [
    'a token for a day',
    pod(token({ audience: 'a', expirationSeconds: 86400 })),
    'pods/service-account-token',
    'spec.volumes[0].projected.sources[0].serviceAccountToken',
  ],
  [
    'a writable root',
    pod({}, { securityContext: { ...goodContainer.securityContext, readOnlyRootFilesystem: false } }),
    'pods/read-only-root',
    `${container}.securityContext.readOnlyRootFilesystem`,
  ],
  [
    "the image's user",
    pod({ securityContext: { ...goodSpec.securityContext, runAsUser: undefined } }),
    'pods/user-ids',
    `${container}.securityContext.runAsUser`,
  ],
  [
    'an administrator of Windows',
    windowsPod({ windowsOptions: { runAsUserName: 'ContainerAdministrator' } }),
    'pods/user-ids',
    `${container}.securityContext.windowsOptions.runAsUserName`,
  ],
  [
    'a process of the node, on Windows',
    windowsPod({ windowsOptions: { runAsUserName: 'ContainerUser', hostProcess: true } }),
    'pod-security/windowsHostProcess',
    'spec.securityContext.windowsOptions.hostProcess',
  ],
  ["the node's users", pod({ hostUsers: true }), 'pods/user-namespace', 'spec.hostUsers'],
  ['service links', pod({ enableServiceLinks: true }), 'pods/service-links', 'spec.enableServiceLinks'],
  [
    'no limits',
    pod({}, { resources: { requests: goodContainer.resources.requests } }),
    'pods/resources',
    `${container}.resources`,
  ],
  ['no readiness probe', pod({}, { readinessProbe: undefined }), 'pods/probes', `${container}.readinessProbe`],
  [
    'one probe twice',
    pod({}, { livenessProbe: goodContainer.readinessProbe }),
    'pods/probes',
    `${container}.livenessProbe`,
  ],
  ['a tag', pod({}, { image: 'registry.example/app:1' }), 'images/digest', `${container}.image`],
  [
    'a privileged container',
    pod({}, { securityContext: { ...goodContainer.securityContext, privileged: true } }),
    'pod-security/privileged',
    `${container}.securityContext.privileged`,
  ],
  [
    'a host path',
    pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    'pod-security/restrictedVolumes',
    'spec.volumes[0].hostPath',
  ],
  ['every verb', role({ apiGroups: [''], resources: ['pods'], verbs: ['*'] }), 'rbac/wildcards', 'rules[0].verbs'],
  [
    'impersonation',
    role({ apiGroups: [''], resources: ['users'], verbs: ['impersonate'] }),
    'rbac/escalation',
    'rules[0].verbs',
  ],
  [
    "the kubelet's API",
    role({ apiGroups: [''], resources: ['nodes/proxy'], verbs: ['get'] }),
    'rbac/escalation',
    'rules[0].resources',
  ],
  ['cluster-admin', binding('cluster-admin', 'team'), 'rbac/cluster-admin', 'roleRef.name'],
  ['everybody', binding('view', 'system:unauthenticated'), 'rbac/everybody', 'subjects[0].name'],
  ['a password', env('DB_PASSWORD', 'hunter2'), 'secrets/plain-environment', `${container}.env[0].value`],
  [
    'a password in a setting',
    settings({ 'app.yaml': 'db:\n  apiKey: "hunter2"\n' }),
    'secrets/config-map',
    'data["app.yaml"]',
  ],
  ['a password as a key', settings({ password: 'hunter2' }), 'secrets/config-map', 'data["password"]'],
  ['an external address', service({ externalIPs: ['192.0.2.1'] }), 'services/external-ips', 'spec.externalIPs'],
  ['a node port', service({ type: 'NodePort' }), 'services/node-port', 'spec.type'],
  [
    'a controller that nobody maintains',
    pod({}, { image: `registry.example/ingress-nginx/controller:v1.11.4${digest}` }),
    'ingress/retired-controller',
    `${container}.image`,
  ],
  [
    'a volume on a node',
    { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'v' }, spec: { hostPath: { path: '/' } } },
    'volumes/host-path',
    'spec.hostPath',
  ],
];

describe('found are', () => {
  test.each(bad)('%s', (_name, object, control, path) => {
    expect(judgeManifest(object, today).findings).toEqual([
      expect.objectContaining({ control, path, object: expect.objectContaining({ kind: object.kind }) }),
    ]);
  });

  test('no values of secrets', () => {
    const findings = bad.flatMap(([, object]) => judgeManifest(object, today).findings);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('each rule of ours has a case', () => {
    // Those of Pod Security and of the network have tests of their own.
    const elsewhere = /^(pod-security|network-policies)\/|^ingress\/tls$/;
    const cases = new Set(bad.map(([, , control]) => control));
    const ours = lintRules.map(({ control }) => control).filter((control) => !elsewhere.test(control));
    expect(ours.filter((control) => !cases.has(control))).toEqual([]);
  });
});

describe('nothing is found about', () => {
  test.each([
    ['a hardened pod', pod({})],
    ['a hardened pod for Windows', windowsPod({ windowsOptions: { runAsUserName: 'ContainerUser' } })],
    ['a short token for one audience', pod(token({ audience: 'vault.example', expirationSeconds: 600 }))],
    ['probes that differ', pod({}, { livenessProbe: { httpGet: { port: 80, path: '/healthz' } } })],
    ['a reference to a secret', env('DB_PASSWORD', '$(FROM_SECRET)')],
    ['the file of a secret', env('DB_PASSWORD_FILE', '/run/secrets/db')],
    ['a name that holds the word', settings({ 'app.yaml': 'secretName: db\ntokens: 3\npassword: ${DB_PASSWORD}\n' })],
    ['a role that names what it needs', role({ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] })],
    ['a Service inside the cluster', service({ type: 'ClusterIP' })],
  ])('%s', (_name, object) => {
    expect(judgeManifest(object, today).findings).toEqual([]);
  });
});

describe('the pod of any workload is judged', () => {
  const template = { spec: { ...goodSpec, hostPID: true } };
  test.each([
    ['Deployment', { spec: { template } }, 'spec.template.spec.hostPID'],
    ['CronJob', { spec: { jobTemplate: { spec: { template } } } }, 'spec.jobTemplate.spec.template.spec.hostPID'],
    ['PodTemplate', { template }, 'template.spec.hostPID'],
    ['Rollout', { spec: { template } }, 'spec.template.spec.hostPID'],
  ])('%s', (kind, object, path) => {
    const { findings } = judgeManifest({ apiVersion: 'example.org/v1', kind, ...object }, today);
    expect(findings).toEqual([expect.objectContaining({ control: 'pod-security/hostNamespaces', path })]);
  });
});

test('misshapen objects are judged and break nothing', () => {
  for (const spec of [null, 3, 'text', [], { containers: {} }, { containers: [null, 3, { env: 'x', image: 7 }] }]) {
    for (const kind of ['Pod', 'Deployment', 'Service', 'Role']) {
      expect(() => judgeManifest({ apiVersion: 'v1', kind, spec, rules: spec, metadata: spec }, today)).not.toThrow();
    }
  }
});

describe('waivers', () => {
  const waived = (annotation: string) =>
    judgeManifest(
      { ...pod({ hostUsers: true }), metadata: { name: 'p', annotations: { 'bulwark.dev/waivers': annotation } } },
      today,
    );
  const line = 'pods/user-namespace: The volumes cannot be mapped here. (shop@example.org, until 2026-01-01)';

  test('cover their control to their last day', () => {
    const { findings, waived: covered } = waived(line);
    expect(findings).toEqual([]);
    expect(covered.map(({ control }) => control)).toEqual(['pods/user-namespace']);
  });

  test.each([
    ['expired', line.replace('2026-01-01', '2025-12-31'), ['pods/user-namespace', 'waivers/valid']],
    ['on no day', line.replace('2026-01-01', '2026-13-45'), ['pods/user-namespace', 'waivers/valid']],
    ['unreadable', 'legacy', ['pods/user-namespace', 'waivers/valid']],
    ['of nothing', `${line}\n${line.replace('pods/user-namespace', 'pods/resources')}`, ['waivers/used']],
  ])('%s are reported', (_name, annotation, controls) => {
    expect(waived(annotation).findings.map(({ control }) => control)).toEqual(controls);
  });
});
