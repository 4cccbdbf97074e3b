import { type Attack, type Outcome, said, type Target } from './attack';
import { certificateRequest } from './certificate-request';
import { accountToken, scenery } from './scenery';
import { apiUrl, create, curl, podAddress } from './steps';

async function statusOf(target: Target, path: string): Promise<string> {
  const { stdout, stderr } = await target.outside(curl(apiUrl(target, path)));
  return `${path} ${/HTTP (\d+)/.exec(stdout)?.[1] ?? stderr}`;
}

/** Asks for a client certificate, approves it, and speaks with it. */
async function withCertificate(target: Target, subject: string, says: readonly string[]): Promise<Outcome> {
  const { key, request } = await certificateRequest(target, subject);
  const made = await create(target, {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'evil' },
    spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
  });
  if (made.code !== 0) return made;
  try {
    await target.kubectl(['certificate', 'approve', 'evil']);
    const path = 'jsonpath={.status.certificate}';
    await target.kubectl(['wait', 'csr/evil', `--for=${path}`, '--timeout=20s']);
    const { stdout } = await target.kubectl(['get', 'csr', 'evil', '-o', path]);
    const certificate = Buffer.from(stdout, 'base64').toString();
    return target.kubectl(says, { as: { certificate, key } });
  } finally {
    await target.kubectl(['delete', 'csr', 'evil']);
  }
}

/** Attacks on the API server and on what it admits. */
export const apiAttacks: readonly Attack[] = [
  {
    id: 'A15',
    title: 'Ask the API server without any credential',
    source: 'kube-hunter AccessApiServer; CIS 1.2.1; KEP-4633',
    async run(target) {
      const paths = ['/api', '/version', '/api/v1/namespaces', '/livez'];
      return said((await Promise.all(paths.map((path) => statusOf(target, path)))).join('\n'));
    },
    refused: /^\/api 401\n\/version 401\n\/api\/v1\/namespaces 401\n\/livez 200$/m,
    succeeds: /^\/version 200$/m,
  },
  {
    id: 'A20',
    title: 'Execute in a pod with nothing but `get` on pods/exec',
    source: 'kubernetes/kubernetes #78741; KEP-4006',
    weakness: 'websocket-exec-by-get',
    async run(target) {
      const as = { token: await accountToken(target, 'reader') };
      return target.kubectl(['exec', '-n', scenery.tenant, 'web', '--', '/bin/id'], { as });
    },
    refused: /cannot create resource "pods\/exec"/,
    succeeds: /uid=65532/,
  },
  {
    id: 'A29',
    title: 'Get a certificate of system:masters signed',
    source: 'stratus k8s.persistence.create-client-certificate; MITRE T1098',
    weakness: 'no-subject-restriction',
    run: (target) => withCertificate(target, '/O=system:masters/CN=evil', ['get', 'secrets', '-A', '-o', 'name']),
    refused: /use of kubernetes\.io\/kube-apiserver-client signer with system:masters group is not allowed/,
    succeeds: /^secret\/redis$/m,
  },
  {
    id: 'A29/user',
    title: 'Get a certificate of a year signed that nobody can revoke',
    source: 'stratus k8s.persistence.create-client-certificate; MITRE T1098',
    run: (target) =>
      withCertificate(target, '/CN=evil', ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']),
    refused: /access\/client-certificates: nobody gets a client certificate on request/,
    succeeds: /^evil$/m,
  },
  {
    id: 'A34',
    title: 'Take over an address with spec.externalIPs',
    source: 'CVE-2020-8554',
    run: (target) =>
      target.kubectl(['create', '--dry-run=server', '-f', '-'], {
        stdin: JSON.stringify({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'x', namespace: scenery.tenant },
          spec: { externalIPs: ['8.8.8.8'], ports: [{ port: 80 }] },
        }),
      }),
    refused: /services "x" is forbidden: Use of external IPs is denied by admission control/,
    succeeds: /service\/x created/,
  },
  {
    id: 'A35',
    title: "Take over an address with a load balancer's status",
    source: 'CVE-2020-8554, second half',
    weakness: 'tenant-writes-status',
    async run(target) {
      const as = { token: await accountToken(target, 'tenant') };
      const patch = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '8.8.8.8' }] } } });
      const args = ['patch', 'service', '-n', scenery.tenant, 'web', '--subresource=status', '--dry-run=server'];
      return target.kubectl([...args, '-p', patch], { as });
    },
    refused:
      /services "web" is forbidden: User "system:serviceaccount:tenant-a:tenant" cannot patch resource "services\/status"/,
    succeeds: /service\/web patched/,
  },
  {
    id: 'A36',
    title: "Forward to a neighbour's pod with an EndpointSlice of one's own",
    source: 'CVE-2021-25740',
    weakness: 'tenant-writes-endpointslices',
    async run(target) {
      const as = { token: await accountToken(target, 'tenant') };
      const slice = {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'over-the-fence', namespace: scenery.tenant },
        addressType: 'IPv4',
        endpoints: [{ addresses: [await podAddress(target, scenery.neighbour, 'web')] }],
        ports: [{ port: 80 }],
      };
      return target.kubectl(['create', '--dry-run=server', '-f', '-'], { as, stdin: JSON.stringify(slice) });
    },
    refused:
      /endpointslices\.discovery\.k8s\.io is forbidden: User "system:serviceaccount:tenant-a:tenant" cannot create resource "endpointslices"/,
    succeeds: /endpointslice\.discovery\.k8s\.io\/over-the-fence created/,
  },
  {
    id: 'A39/coredns',
    title: "A tenant rewrites the cluster's DNS",
    source: "Microsoft threat matrix, 'CoreDNS poisoning'",
    weakness: 'deployer-cluster-admin',
    async run(target) {
      const as = { token: await accountToken(target, 'deployer') };
      const patch = JSON.stringify({ metadata: { labels: { poisoned: 'true' } } });
      const args = ['patch', 'configmap', '-n', 'kube-system', 'coredns', '--dry-run=server', '-p', patch];
      return target.kubectl(args, { as });
    },
    refused: /configmaps "coredns" is forbidden/,
    succeeds: /configmap\/coredns patched/,
  },
];
