import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { ClientCertificateLimits, NoClientCertificates } from '../../constructs/admission/client-certificates';
import { type ApiResponse, type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';
import { expectRefusal } from './platform-server';

const folder = mkdtempSync(join(tmpdir(), 'bulwark-certificates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const control = 'test/client-certificates';
const signer = 'kubernetes.io/kube-apiserver-client';
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

interface Wish {
  readonly subject?: string;
  readonly seconds?: number;
  readonly signerName?: string;
  readonly name?: string;
  /** openssl's mask of string types. */
  readonly strings?: string;
  readonly key?: readonly string[];
  /** Changes the PEM text. */
  readonly edit?: (pem: string) => string;
}

const ellipticKey = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

function signingRequest({ subject = '/CN=jane', seconds = 3600, signerName = signer, name = 'jane', ...wish }: Wish) {
  const config = join(folder, 'openssl.cnf');
  writeFileSync(config, `[req]\ndistinguished_name=dn\nstring_mask=${wish.strings ?? 'utf8only'}\n[dn]\n`);
  const args = [
    'req',
    '-new',
    '-newkey',
    ...(wish.key ?? ellipticKey),
    '-nodes',
    '-keyout',
    join(folder, `${name}.key`),
  ];
  const pem = execFileSync('openssl', [...args, '-subj', subject, '-config', config], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec: {
      request: Buffer.from((wish.edit ?? ((text) => text))(pem)).toString('base64'),
      signerName,
      usages: signerName === signer ? ['client auth'] : ['digital signature', 'key encipherment', 'client auth'],
      ...(seconds > 0 && { expirationSeconds: seconds }),
    },
  };
}

async function serve(
  server: ApiServer,
  Policy: typeof NoClientCertificates | typeof ClientCertificateLimits,
  wrong: Wish,
) {
  const chart = new Chart(new App(), 'chart');
  new Policy(chart, 'policy', { control });
  for (const object of chart.toJson()) server.kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(object));
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await ask(server, wrong)).status === 403) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the policy did not come into force within 20 s');
}

const ask = (server: ApiServer, wish: Wish = {}): Promise<ApiResponse> =>
  server.request('POST', `${requests}?dryRun=All`, signingRequest(wish));

describeWith('client certificates are off, on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer(programs);
    // From before the policy.
    await server.request('POST', requests, signingRequest({ name: 'old' }));
    expect((await ask(server)).status).toBe(201);
    await serve(server, NoClientCertificates, {});
  }, 120_000);
  afterAll(() => server?.stop());

  const decide = async (type: 'Approved' | 'Denied') => {
    const { body } = await server.request('GET', `${requests}/old`);
    const status = { conditions: [{ type, status: 'True', reason: 'Test' }] };
    return server.request('PUT', `${requests}/old/approval?dryRun=All`, { ...body, status });
  };

  test('nobody gets one by request, an administrator neither', async () => {
    expectRefusal(await ask(server), control, 'Log in through the identity provider');
  });

  test('an older request can be denied and not approved', async () => {
    expectRefusal(await decide('Approved'), control);
    expect((await decide('Denied')).status).toBe(200);
  });

  test('kubelets get theirs', async () => {
    const kubelet = { subject: '/O=system:nodes/CN=system:node:worker-1', signerName: `${signer}-kubelet` };
    expect((await ask(server, kubelet)).status).toBe(201);
  });
});

const withManager = [...apiServerPrograms, 'kube-controller-manager'] as const;

describeWith('client certificates that are waived, on a real kube-apiserver', withManager, (programs) => {
  let server: ApiServer;
  let stopManager: () => void;

  beforeAll(async () => {
    server = await startApiServer(programs);
    const manager = spawn(
      programs['kube-controller-manager'],
      [
        `--kubeconfig=${server.kubeconfig}`,
        '--controllers=certificatesigningrequest-signing-controller',
        `--cluster-signing-cert-file=${join(server.directory, 'pki/ca.crt')}`,
        `--cluster-signing-key-file=${join(server.directory, 'pki/ca.key')}`,
        '--leader-elect=false',
        '--secure-port=0',
      ],
      { stdio: ['ignore', openSync(join(folder, 'manager.log'), 'w'), openSync(join(folder, 'manager.log'), 'a')] },
    );
    stopManager = () => manager.kill('SIGKILL');
    await serve(server, ClientCertificateLimits, { seconds: 0 });
  }, 120_000);
  afterAll(async () => {
    stopManager?.();
    await server?.stop();
  });

  test.each<[string, Wish]>([
    ['a day', { seconds: 86_400 }],
    ['printable strings', { strings: 'nombstr' }],
    ['a long RSA key', { key: ['rsa:4096'] }],
    ['a name that only holds a reserved one', { subject: '/CN=my-system:name' }],
    ['other attributes', { subject: '/C=AT/CN=jane' }],
  ])(
    'one for a user is admitted: %s',
    async (_what, wish) => {
      const { status, body } = await ask(server, wish);
      expect([status, body.message]).toEqual([201, undefined]);
      // A long key takes its time.
    },
    60_000,
  );

  test.each<[string, Wish, string]>([
    ['no end', { seconds: 0 }, 'it would live longer'],
    ['more than a day', { seconds: 86_401 }, 'it would live longer'],
    ['a group', { subject: '/O=oidc:shop/CN=jane' }, 'it names a group'],
    ['a group behind', { subject: '/CN=jane/O=kubeadm:cluster-admins' }, 'it names a group'],
    ['a group after an attribute of any length', { subject: '/C=AT/L=W/O=x/CN=jane' }, 'it names a group'],
    ['a group in old letters', { subject: '/O=x/CN=jane', strings: 'MASK:0x800' }, 'it names a group'],
    ['a user of the system', { subject: '/CN=system:kube-controller-manager' }, 'it names a user of the system'],
    ['a user of kubeadm', { subject: '/CN=kubernetes-admin' }, 'it names a user of the system'],
    ['a user of ours', { subject: '/CN=bulwark:csr-approver' }, 'it names a user of the system'],
    ['a user of the system in sixteen bits', { subject: '/CN=system:admin', strings: 'MASK:0x800' }, 'in plain text'],
    ['two users', { subject: '/CN=jane/CN=system:admin' }, 'it does not name one user'],
    ['nobody', { subject: '/C=AT' }, 'it does not name one user'],
    ['text before the request', { edit: (pem) => `\n${pem}` }, 'no plain PEM text'],
    [
      'spaces that shift the inner letters',
      { subject: '/O=x/CN=jane', edit: (pem) => pem.replace(/(?<=\n)(M.)/, '$1 ') },
      'it names a group',
    ],
  ])('one with %s is refused', async (_what, wish, why) => {
    expectRefusal(await ask(server, wish), control, why);
  });

  test('taking the binding away takes the right away, while the certificate goes on to be valid', async () => {
    await server.request('POST', requests, signingRequest({}));
    server.kubectl(['certificate', 'approve', 'jane']);
    const path = 'jsonpath={.status.certificate}';
    server.kubectl(['wait', 'csr/jane', `--for=${path}`, '--timeout=20s']);
    const certificate = Buffer.from(server.kubectl(['get', 'csr', 'jane', '-o', path]), 'base64');
    writeFileSync(join(folder, 'jane.crt'), certificate);
    const asJane = (...args: readonly string[]) => {
      const files = [`--client-certificate=${join(folder, 'jane.crt')}`, `--client-key=${join(folder, 'jane.key')}`];
      const where = [`--server=${server.url}`, `--certificate-authority=${join(server.directory, 'pki/ca.crt')}`];
      try {
        const options = { encoding: 'utf8', stdio: 'pipe', env: { HOME: folder } } as const;
        return execFileSync(programs.kubectl, [...where, ...files, ...args], options);
      } catch (error) {
        return (error as { stderr: string }).stderr;
      }
    };
    const lifetime = /notAfter=(.*)/.exec(
      execFileSync('openssl', ['x509', '-noout', '-enddate', '-in', join(folder, 'jane.crt')], { encoding: 'utf8' }),
    )?.[1];
    expect(new Date(lifetime ?? '').getTime() - Date.now()).toBeLessThan(3_700_000);

    expect(asJane('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe('jane');
    server.kubectl(['create', 'role', 'reader', '--verb=get,list', '--resource=pods', '-n', 'default']);
    server.kubectl(['create', 'rolebinding', 'jane', '--role=reader', '--user=jane', '-n', 'default']);
    expect(asJane('get', 'pods', '-n', 'default')).toBe('');
    server.kubectl(['delete', 'rolebinding', 'jane', '-n', 'default']);
    expect(asJane('get', 'pods', '-n', 'default')).toContain(
      'pods is forbidden: User "jane" cannot list resource "pods"',
    );
    expect(asJane('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe('jane');
    expect(readFileSync(join(folder, 'manager.log'), 'utf8')).not.toContain('panic');
  }, 60_000);
});
