import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import * as apply from '../../apply';
import { HardeningError } from '../../lib/errors';
import { mintCredential } from '../../stacks/credential';
import { specInput } from '../support/spec';

// The control plane is stood in for; the certificate is a real one.
jest.mock('../../apply', () => ({ ...jest.requireActual('../../apply'), mintKubeconfig: jest.fn() }));
const { mintKubeconfig } = jest.mocked(apply);

const folder = mkdtempSync(join(tmpdir(), 'bulwark-credential-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [key, certificate] = ['tls.key', 'tls.crt'].map((name) => join(folder, name)) as [string, string];
execFileSync(
  'openssl',
  ['req', '-x509', '-nodes', '-days', '1', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'].concat([
    ...['-subj', '/O=kubeadm:cluster-admins/CN=bulwark:operator', '-keyout', key, '-out', certificate],
  ]),
  { stdio: 'pipe' },
);
const spec = stringify(specInput());

test('a client gets a certificate, its key and when to ask again; nothing stays on this computer', async () => {
  let directory = '';
  mintKubeconfig.mockImplementation(async ({ bundleDirectory, stateDirectory, ttl }) => {
    directory = stateDirectory;
    expect({ ttl, mode: statSync(stateDirectory).mode & 0o777 }).toEqual({ ttl: '1h', mode: 0o700 });
    // The run finds there how the control plane is reached.
    expect(readFileSync(join(bundleDirectory, 'known_hosts'), 'utf8')).toContain('192.0.2.11');
    const base64 = (file: string) => readFileSync(file).toString('base64');
    const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
    writeFileSync(join(stateDirectory, 'kubeconfig'), stringify({ users: [{ user }] }));
    return join(stateDirectory, 'kubeconfig');
  });
  const { status, ...rest } = await mintCredential(spec, '1h');
  expect(rest).toEqual({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential' });
  expect(status.clientCertificateData).toBe(readFileSync(certificate, 'utf8'));
  expect(status.clientKeyData).toBe(readFileSync(key, 'utf8'));
  const hours = (Date.parse(status.expirationTimestamp) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23);
  expect(hours).toBeLessThanOrEqual(24);
  expect(existsSync(directory)).toBe(false);
});

test('a control plane that does not answer is an error, and nothing stays either', async () => {
  let directory = '';
  mintKubeconfig.mockImplementation(async ({ stateDirectory }) => {
    directory = stateDirectory;
    throw new HardeningError('unreachable', [{ code: 'SSH', path: 'nodes.cp-1', message: 'no answer' }]);
  });
  await expect(mintCredential(spec, '1h')).rejects.toThrow('no answer');
  expect(existsSync(directory)).toBe(false);
});

test('a fault of the spec is told with its file and line', async () => {
  const faulty = spec.replace('role: control-plane', 'role: leader');
  await expect(mintCredential(faulty, '1h', 'cluster.yaml')).rejects.toThrow(/cluster\.yaml:4.*leader/s);
});
