import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { freePorts } from '../support/free-ports';
import { describeWith } from '../support/judges';
import { manifestsOf } from './platform-fixture';
import type { KubernetesObject } from './platform-server';

const objects: KubernetesObject[] = parseAllDocuments(
  manifestsOf({ metricsServer: true })['45-metrics-server.k8s.yaml'] ?? '',
).map((document) => document.toJSON());

/** But for kinds that this API server does not know. */
const standard = objects.filter(({ kind }) => !kind.startsWith('Cilium'));

const registration = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io';
const secret = '/api/v1/namespaces/kube-system/secrets/metrics-server-tls';

/** An address of this machine that an endpoint may have. */
const address = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

describeWith('metrics-server behind a real API server', [...apiServerPrograms, 'metrics-server'], (programs) => {
  let server: ApiServer;
  let metrics: ChildProcess | undefined;

  beforeAll(async () => {
    server = await startApiServer(programs, { aggregates: true });
    await server.request('POST', '/api/v1/namespaces', namespaceOf('kube-system'));
    applyAsRun(standard);
    const [port = 0] = await freePorts(1);
    await server.request('POST', '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices', endpointsOf(port));
    metrics = await startMetricsServer(port);
  }, 120_000);

  afterAll(async () => {
    metrics?.kill('SIGKILL');
    await server?.stop();
  });

  /** Applies objects as a run on the control plane does. */
  function applyAsRun(items: readonly KubernetesObject[]): void {
    const { clusters, users } = parse(readFileSync(server.kubeconfig, 'utf8'));
    const file = (name: string, base64: string) => keep(name, Buffer.from(base64, 'base64'));
    const order = {
      server: server.url,
      ca: file('ca.crt', clusters[0].cluster['certificate-authority-data']),
      certificate: file('admin.crt', users[0].user['client-certificate-data']),
      key: file('admin.key', users[0].user['client-key-data']),
      objects: items,
    };
    const driver = join(__dirname, '../ansible/objects_driver.py');
    const answer = execFileSync('python3', [driver], { input: JSON.stringify(order), encoding: 'utf8' });
    expect(JSON.parse(answer)).toMatchObject({ error: '', pending: [] });
  }

  function keep(name: string, content: Buffer | string): string {
    const path = join(server.directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** The program with the pod's own arguments, but for the files and the port, as its own service account. */
  async function startMetricsServer(port: number): Promise<ChildProcess> {
    const { data } = (await server.request('GET', secret)).body;
    const account = '/api/v1/namespaces/kube-system/serviceaccounts/metrics-server/token';
    const { body } = await server.request('POST', account, { spec: {} });
    const config = parse(readFileSync(server.kubeconfig, 'utf8'));
    config.users[0].user = { token: body.status.token };
    const kubeconfig = keep('metrics-server.conf', stringify(config));
    const files: Readonly<Record<string, string>> = {
      'secure-port': String(port),
      'tls-cert-file': keep('tls.crt', Buffer.from(data['tls.crt'], 'base64')),
      'tls-private-key-file': keep('tls.key', Buffer.from(data['tls.key'], 'base64')),
      'kubelet-certificate-authority': join(server.directory, 'pki/ca.crt'),
    };
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    const args: string[] = deployment.spec.template.spec.containers[0].args;
    const own = args.map((argument) => {
      const [flag = ''] = argument.replace(/^--/, '').split('=');
      return files[flag] === undefined ? argument : `--${flag}=${files[flag]}`;
    });
    const access = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
    const log = openSync(join(server.directory, 'metrics-server.log'), 'w');
    const all = [...own, ...access.map((flag) => `--${flag}=${kubeconfig}`)];
    return spawn(programs['metrics-server'], all, { stdio: ['ignore', log, log] });
  }

  /** Waits until the API server finds the service available, or not, and returns what it says. */
  async function available(wanted: 'True' | 'False'): Promise<string> {
    let last = '';
    for (let attempt = 0; attempt < 200; attempt++) {
      const { body } = await server.request('GET', registration);
      const condition = body.status?.conditions?.find(({ type }: { type: string }) => type === 'Available');
      last = `${condition?.status}: ${condition?.message}`;
      if (condition?.status === wanted && condition.reason !== 'MissingEndpoints') return last;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    throw new Error(`${last}\n${readFileSync(join(server.directory, 'metrics-server.log'), 'utf8').slice(-2000)}`);
  }

  test('answers through it, its certificate verified', async () => {
    await available('True');
    const { body } = await server.request('GET', registration);
    expect(body.spec).not.toHaveProperty('insecureSkipTLSVerify');
    const nodes = await server.request('GET', '/apis/metrics.k8s.io/v1beta1/nodes');
    expect(nodes).toMatchObject({ status: 200, body: { kind: 'NodeMetricsList' } });
  }, 90_000);

  test('answers those who may see it, and nobody else', async () => {
    const path = '/apis/metrics.k8s.io/v1beta1/nodes';
    expect((await server.request('GET', path, undefined, { user: 'somebody' })).status).toBe(403);
    const binding = ['create', 'clusterrolebinding', 'reader', '--user=reader'];
    server.kubectl([...binding, '--clusterrole=system:aggregated-metrics-reader']);
    expect((await server.request('GET', path, undefined, { user: 'reader' })).status).toBe(200);
  });

  test('is not believed with a certificate that the API server was not told of', async () => {
    const { body } = await server.request('GET', secret);
    await server.request('DELETE', secret);
    applyAsRun(standard);
    expect((await server.request('GET', secret)).body.data['tls.crt']).not.toBe(body.data['tls.crt']);
    expect(await available('False')).toMatch(/x509|certificate/);
    const { status } = await server.request('GET', '/apis/metrics.k8s.io/v1beta1/nodes');
    expect(status).toBe(503);
  }, 90_000);
});

const namespaceOf = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const endpointsOf = (port: number) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'metrics-server', labels: { 'kubernetes.io/service-name': 'metrics-server' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [address], conditions: { ready: true } }],
  ports: [{ name: 'https', port, protocol: 'TCP' }],
});
