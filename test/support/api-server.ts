import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { freePorts } from './free-ports';

/** Programs that `startApiServer` needs; hand them to `describeWith`. */
export const apiServerPrograms = ['etcd', 'kube-apiserver', 'kubeadm', 'kubectl'] as const;
export type ApiServerPrograms = Readonly<Record<(typeof apiServerPrograms)[number], string>>;

export interface ApiServerOptions {
  /** Arguments of kube-apiserver beside those that make it start, for example `{ 'audit-policy-file': path }`. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Whether it hands requests on to the API servers that APIServices name, at the addresses of their endpoints. */
  readonly aggregates?: boolean;
}

/** Whom a request is made as; the administrator impersonates. */
export interface Requester {
  readonly user: string;
  readonly groups?: readonly string[];
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: any Kubernetes object or Status
  readonly body: any;
}

/** A running kube-apiserver with its own etcd, on loopback ports, with certificates made by kubeadm. */
export interface ApiServer {
  readonly url: string;
  /** Kubeconfig of a member of `system:masters`. */
  readonly kubeconfig: string;
  /** Temporary directory that holds everything of this server, `pki/` included. */
  readonly directory: string;
  /** One JSON request, as the administrator or as `as`. */
  request(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    as?: Requester,
  ): Promise<ApiResponse>;
  /** Runs kubectl as the administrator and returns its output. Throws with kubectl's own words. */
  kubectl(args: readonly string[], input?: string): string;
  stop(): Promise<void>;
}

/** Starts etcd and kube-apiserver and waits until the server is ready. */
export async function startApiServer(programs: ApiServerPrograms, options: ApiServerOptions = {}): Promise<ApiServer> {
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-apiserver-'));
  const children: ChildProcess[] = [];
  const start = (name: 'etcd' | 'kube-apiserver', args: Readonly<Record<string, string>>): void => {
    const log = openSync(join(directory, `${name}.log`), 'w');
    const flags = Object.entries(args).map(([flag, value]) => `--${flag}=${value}`);
    children.push(spawn(programs[name], flags, { stdio: ['ignore', log, log] }));
  };
  const stop = async (): Promise<void> => {
    await Promise.all(children.reverse().map(end));
    rmSync(directory, { recursive: true, force: true });
  };

  const [etcdClients, etcdPeers, port] = await freePorts(3);
  const url = `https://127.0.0.1:${port}`;
  const kubeconfig = makeCertificates(programs.kubeadm, directory, `127.0.0.1:${port}`);
  const pki = (file: string): string => join(directory, 'pki', file);
  start('etcd', {
    'data-dir': join(directory, 'etcd'),
    'listen-client-urls': `http://127.0.0.1:${etcdClients}`,
    'advertise-client-urls': `http://127.0.0.1:${etcdClients}`,
    'listen-peer-urls': `http://127.0.0.1:${etcdPeers}`,
    'unsafe-no-fsync': 'true',
  });
  start('kube-apiserver', {
    'etcd-servers': `http://127.0.0.1:${etcdClients}`,
    'bind-address': '127.0.0.1',
    'secure-port': String(port),
    'client-ca-file': pki('ca.crt'),
    'tls-cert-file': pki('apiserver.crt'),
    'tls-private-key-file': pki('apiserver.key'),
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': pki('sa.pub'),
    'service-account-signing-key-file': pki('sa.key'),
    'service-cluster-ip-range': '10.96.0.0/16',
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'allow-privileged': 'true',
    ...(options.aggregates && {
      'enable-aggregator-routing': 'true',
      'proxy-client-cert-file': pki('front-proxy-client.crt'),
      'proxy-client-key-file': pki('front-proxy-client.key'),
      'requestheader-allowed-names': 'front-proxy-client',
      'requestheader-client-ca-file': pki('front-proxy-ca.crt'),
      'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
      'requestheader-group-headers': 'X-Remote-Group',
      'requestheader-username-headers': 'X-Remote-User',
    }),
    ...options.arguments,
  });

  const client = clientOf(kubeconfig, url);
  const server: ApiServer = {
    url,
    kubeconfig,
    directory,
    request: client,
    kubectl: (args, input) =>
      execFileSync(programs.kubectl, [`--kubeconfig=${kubeconfig}`, ...args], {
        input,
        encoding: 'utf8',
        stdio: 'pipe',
      }),
    stop,
  };
  try {
    await waitUntilReady(server, children);
    return server;
  } catch (error) {
    const log = readFileSync(join(directory, 'kube-apiserver.log'), 'utf8').split('\n').slice(-15).join('\n');
    await stop();
    throw new Error(`kube-apiserver did not become ready: ${(error as Error).message}\n${log}`);
  }
}

/** The PKI that `kubeadm init` makes, and the kubeconfig of its super-administrator. */
function makeCertificates(kubeadm: string, directory: string, endpoint: string): string {
  const shared = [
    `--cert-dir=${join(directory, 'pki')}`,
    `--control-plane-endpoint=${endpoint}`,
    // kubeadm wants an address that is not loopback; nothing listens there.
    '--apiserver-advertise-address=192.0.2.10',
    '--kubernetes-version=v1.36.3',
  ];
  execFileSync(kubeadm, ['init', 'phase', 'certs', 'all', ...shared], { stdio: 'pipe' });
  execFileSync(kubeadm, ['init', 'phase', 'kubeconfig', 'super-admin', ...shared, `--kubeconfig-dir=${directory}`], {
    stdio: 'pipe',
  });
  return join(directory, 'super-admin.conf');
}

function clientOf(kubeconfig: string, url: string): ApiServer['request'] {
  const config = parse(readFileSync(kubeconfig, 'utf8'));
  const decode = (text: string): Buffer => Buffer.from(text, 'base64');
  const credentials = {
    ca: decode(config.clusters[0].cluster['certificate-authority-data']),
    cert: decode(config.users[0].user['client-certificate-data']),
    key: decode(config.users[0].user['client-key-data']),
  };
  return (method, path, body, as) =>
    new Promise((resolve, reject) => {
      const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const headers = {
        'content-type': contentType,
        ...(as && { 'impersonate-user': as.user }),
        ...(as?.groups && { 'impersonate-group': [...as.groups] }),
      };
      const call = httpsRequest(`${url}${path}`, { method, headers, ...credentials, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          // The index of /openapi/v3 is JSON that calls itself plain text.
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text.startsWith('{') ? JSON.parse(text) : text,
          });
        });
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

async function waitUntilReady(server: ApiServer, children: readonly ChildProcess[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  let last = '';
  while (Date.now() < deadline) {
    if (children.some((child) => child.exitCode !== null)) throw new Error('a process ended');
    last = await server.request('GET', '/readyz').then(
      (response) => String(response.status),
      (error: Error) => error.message,
    );
    if (last === '200') return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`/readyz answers ${last}`);
}

/** Ends a process at once: nothing of it is kept, and an orderly shutdown takes seconds. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
