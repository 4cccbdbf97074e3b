import { certificateRequest } from '../attacks/certificate-request';
import { stolenKubeletCredential } from '../attacks/steps';
import { hardenedTarget } from './support/cluster';
import type { LabTarget } from './support/lab-target';
import { eventually } from './support/shell';
import { timed } from './support/timing';

describe('serving certificates without anybody at the keyboard', () => {
  let target: LabTarget;
  beforeAll(async () => {
    target = await hardenedTarget();
  });
  afterAll(() => target?.close());

  test('a removed serving certificate is replaced within 60 s', async () => {
    const current = '/var/lib/kubelet/pki/kubelet-server-current.pem';
    const serial = async () =>
      (await target.onNode(target.victim, `openssl x509 -noout -serial -in ${current}`)).stdout.trim();
    const before = await serial();
    expect(before).toMatch(/^serial=/);
    await target.onNode(target.victim, 'rm /var/lib/kubelet/pki/kubelet-server-*; systemctl restart kubelet');
    const seconds = await timed('a new serving certificate', () =>
      eventually('a new serving certificate', 60, async () => {
        const now = await serial();
        return now.startsWith('serial=') && now !== before;
      }),
    );
    expect(seconds).toBeLessThanOrEqual(60);
    // The kubelet answers with it: a log read goes over TLS that the API server verifies.
    const log = await target.kubectl(['get', '--raw', `/api/v1/nodes/${target.victim.name}/proxy/healthz`]);
    expect(log).toMatchObject({ code: 0, stdout: 'ok' });
  });

  test('a request with one foreign name stays pending while a clean one of the same node is approved', async () => {
    const { name, address } = target.victim;
    const credential = await stolenKubeletCredential(target);
    const ask = async (request: string, names: string) => {
      const made = await certificateRequest(target, `/O=system:nodes/CN=system:node:${name}`, names);
      const created = await target.kubectl(['create', '-f', '-'], {
        as: credential,
        stdin: JSON.stringify({
          apiVersion: 'certificates.k8s.io/v1',
          kind: 'CertificateSigningRequest',
          metadata: { name: request },
          spec: {
            request: made.request,
            signerName: 'kubernetes.io/kubelet-serving',
            usages: ['digital signature', 'server auth'],
          },
        }),
      });
      expect(created).toMatchObject({ code: 0 });
    };
    const conditions = async (request: string) => {
      const path = 'jsonpath={.status.conditions[*].type}';
      return (await target.kubectl(['get', 'csr', request, '-o', path])).stdout;
    };
    await ask('e2e-foreign', `IP:${address},DNS:${name},DNS:vault.example.org`);
    await ask('e2e-clean', `IP:${address},DNS:${name}`);
    try {
      await eventually('approval of the clean request', 60, async () => (await conditions('e2e-clean')) === 'Approved');
      expect(await conditions('e2e-foreign')).toBe('');
    } finally {
      await target.kubectl(['delete', 'csr', 'e2e-foreign', 'e2e-clean']);
    }
  });
});
