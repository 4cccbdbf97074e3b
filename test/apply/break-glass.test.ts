import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { parse, stringify } from 'yaml';
import { ClusterAdminAlarm } from '../../constructs/admission/cluster-admin-alarm';
import { ValidatingAdmissionPolicy } from '../../constructs/api-objects/admission-policy';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';

interface Answer {
  readonly removed: readonly string[];
  readonly granted?: { readonly user: string; readonly binding: string; readonly expires: string };
  readonly error?: string;
}

const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describeWith('break-glass access on a real API server', apiServerPrograms, (programs) => {
  let server: ApiServer;
  let run: (order: Readonly<Record<string, unknown>>) => Answer;

  /** How many times the alarm has gone off. */
  const alarms = async (): Promise<number> => {
    const { body } = await server.request('GET', '/metrics');
    const line =
      /^apiserver_validating_admission_policy_check_total\{(?=.*"audit")(?=.*cluster-admin-alarm).*\} (\d+)$/m;
    return Number(line.exec(body)?.[1] ?? 0);
  };
  const exists = async (binding: string) => (await server.request('GET', `${bindings}/${binding}`)).status === 200;

  /** A kubeconfig as a control plane mints it, from the same authority. */
  const mint = (user: string, validity: string): string => {
    const config = join(server.directory, 'kubeadm.yaml');
    const cluster = {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      kubernetesVersion: 'v1.36.3',
      certificatesDir: join(server.directory, 'pki'),
      controlPlaneEndpoint: new URL(server.url).host,
    };
    writeFileSync(config, stringify(cluster));
    const args = ['kubeconfig', 'user', '--config', config, '--client-name', user, '--validity-period', validity];
    const file = join(server.directory, 'break-glass.kubeconfig');
    writeFileSync(file, execFileSync(programs.kubeadm, args, { encoding: 'utf8', stdio: 'pipe' }), { mode: 0o600 });
    return file;
  };
  const kubectl = (kubeconfig: string, ...args: readonly string[]): string => {
    try {
      return execFileSync(programs.kubectl, [`--kubeconfig=${kubeconfig}`, ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  };

  beforeAll(async () => {
    server = await startApiServer(programs);
    const { user } = parse(readFileSync(server.kubeconfig, 'utf8')).users[0];
    const file = (name: string, base64: string) => {
      const path = join(server.directory, name);
      writeFileSync(path, Buffer.from(base64, 'base64'), { mode: 0o600 });
      return path;
    };
    const access = {
      server: server.url,
      ca: join(server.directory, 'pki/ca.crt'),
      certificate: file('admin.crt', user['client-certificate-data']),
      key: file('admin.key', user['client-key-data']),
    };
    run = (order) =>
      JSON.parse(
        execFileSync('python3', [join(__dirname, '../ansible/break_glass_driver.py')], {
          input: JSON.stringify({ ...access, ...order }),
          encoding: 'utf8',
        }),
      );
    const chart = new Chart(new App(), 'chart');
    new ClusterAdminAlarm(chart, 'alarm', { control: 'test/alarm' });
    for (const object of chart.toJson()) server.kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(object));
    await server.request('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default' },
    });
    const probe = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'probe' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'probe' }],
    };
    for (let attempt = 0; attempt < 100 && (await alarms()) === 0; attempt++) {
      await server.request('POST', `${bindings}?dryRun=All`, probe);
      await wait(200);
    }
  }, 120_000);

  afterAll(() => server?.stop());

  const grant = (seconds: number, changes: Readonly<Record<string, unknown>> = {}) =>
    run({ user: 'jane', reason: 'the identity provider is down', seconds, ...changes });

  test('gives every right, raises the alarm and ends by itself', async () => {
    const before = await alarms();
    const { granted } = grant(3600);
    expect(granted?.user).toMatch(/^break-glass:jane:\d{8}T\d{6}\.\d{6}$/);
    expect(await alarms()).toBe(before + 1);
    const events = server.kubectl([
      'get',
      'events',
      '--field-selector=reason=BreakGlass',
      '-o',
      'jsonpath={.items[*].message}',
    ]);
    expect(events).toContain(
      `${granted?.user} is cluster-admin until ${granted?.expires}: the identity provider is down`,
    );

    // The authority backdates nothing that helps here: the certificate ends after its seconds, the binding stays.
    const kubeconfig = mint(granted?.user ?? '', '20s');
    expect(kubectl(kubeconfig, 'auth', 'can-i', '*', '*')).toBe('yes\n');
    for (let second = 0; second < 40 && kubectl(kubeconfig, 'auth', 'can-i', '*', '*') === 'yes\n'; second++)
      await wait(1000);
    expect(kubectl(kubeconfig, 'get', 'namespaces')).toMatch(/Unauthorized|must be logged in/);
    expect(await exists(granted?.binding ?? '')).toBe(true);
    run({ end: true });
  }, 120_000);

  test('ended before its time, the certificate goes on to be valid and may do nothing', async () => {
    const { granted } = grant(3600);
    const kubeconfig = mint(granted?.user ?? '', '1h');
    expect(kubectl(kubeconfig, 'get', 'namespaces', '-o', 'name')).toContain('namespace/default');
    expect(run({ end: true }).removed).toEqual([granted?.binding]);
    expect(kubectl(kubeconfig, 'get', 'namespaces')).toContain('namespaces is forbidden');
    expect(kubectl(kubeconfig, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe(granted?.user);
  }, 60_000);

  test('a grant whose time is over is taken away by the next one, one that runs is not', async () => {
    const old = grant(-1).granted?.binding ?? '';
    const running = grant(3600, { user: 'joe' });
    expect(running.removed).toEqual([old]);
    expect(grant(3600).removed).toEqual([]);
    expect([await exists(old), await exists(running.granted?.binding ?? '')]).toEqual([false, true]);
  }, 60_000);

  test('without a certificate there is no binding', async () => {
    const { granted, error } = grant(3600, { fail: true });
    expect(error).toBe('no certificate');
    expect(await exists(granted?.binding ?? '')).toBe(false);
  });

  test('nobody is given anything where nobody can be told', async () => {
    const chart = new Chart(new App(), 'chart');
    new ValidatingAdmissionPolicy(chart, 'no-events', {
      name: 'no-events',
      resources: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['events'] }],
      validations: [{ expression: 'false', messageExpression: "'no events here'" }],
    });
    for (const object of chart.toJson()) server.kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(object));
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: 'x' },
      involvedObject: { namespace: 'default' },
    };
    for (let attempt = 0; attempt < 100; attempt++) {
      if ((await server.request('POST', '/api/v1/namespaces/default/events?dryRun=All', event)).status === 403) break;
      await wait(200);
    }
    const count = async () => (await server.request('GET', bindings)).body.items.length;
    const before = await count();
    expect(() => grant(3600)).toThrow(/no events here/);
    expect(await count()).toBe(before);
  }, 60_000);
});
