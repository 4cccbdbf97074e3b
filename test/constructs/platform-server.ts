import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import {
  type ApiResponse,
  type ApiServer,
  type ApiServerPrograms,
  type Requester,
  startApiServer,
} from '../support/api-server';
import { manifestsOf } from './platform-fixture';

// biome-ignore lint/suspicious/noExplicitAny: any Kubernetes object
export type KubernetesObject = any;

export const clusterAdmin: Requester = {
  user: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:masters', 'system:authenticated'],
};

/** One of kube-controller-manager's controllers. */
export const controller = (name: string): Requester => ({
  user: `system:serviceaccount:kube-system:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
});
const replicaSets = controller('replicaset-controller');

export const pod = (spec: KubernetesObject, name = 'probe', metadata: KubernetesObject = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec,
});

export const plainSpec = (automountServiceAccountToken?: boolean, serviceAccountName?: string): KubernetesObject => ({
  automountServiceAccountToken,
  serviceAccountName,
  containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10.2' }],
});

export const serviceAccount = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name },
});

/** The pod of the founding thesis' third attack. */
export const jessie = pod(
  {
    nodeSelector: { 'kubernetes.io/hostname': 'worker-1' },
    containers: [
      {
        name: 'jessie',
        image: 'resin/rpi-raspbian:jessie',
        securityContext: { privileged: true },
        volumeMounts: [{ name: 'root', mountPath: '/rootfs' }],
      },
    ],
    volumes: [{ name: 'root', hostPath: { path: '/' } }],
  },
  'jessie',
);

/** A pod of an earlier release, from before the policies. */
export const oldPod = '/api/v1/namespaces/kube-system/pods/old-coredns';

/** A workload of the same time that no policy would admit today. */
const oldDeployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'old' },
  spec: {
    selector: { matchLabels: { app: 'old' } },
    template: { metadata: { labels: { app: 'old' } }, spec: { ...plainSpec(), hostPID: true } },
  },
};

/** A real kube-apiserver with kubeadm's add-ons and the platform's objects, every policy in force. */
export interface PlatformServer extends ApiServer {
  /** The pod of a workload of kube-system. */
  templateOf(kind: string, name: string): KubernetesObject;
  /** Asks to make a pod, without making it. */
  tryPod(object: KubernetesObject, as: Requester, namespace?: string): Promise<ApiResponse>;
}

/** @param changes laid over the example cluster's spec; it needs a namespace `shop` */
export async function startPlatformServer(
  programs: ApiServerPrograms,
  changes: Partial<ClusterSpecInput> = { namespaces: [{ name: 'shop' }] },
): Promise<PlatformServer> {
  const platform = Object.values(manifestsOf(changes)).flatMap(objectsOf);
  const addons = kubeadmAddons(programs.kubeadm);
  const api = await startApiServer(programs);
  const server: PlatformServer = {
    ...api,
    templateOf: (kind, name) => {
      const workload = [...platform, ...addons].find((object) => object.kind === kind && object.metadata.name === name);
      return structuredClone(workload.spec.template.spec);
    },
    tryPod: (object, as, namespace = 'kube-system') =>
      api.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, object, as),
  };
  const apply = (objects: KubernetesObject[]) =>
    api.kubectl(['apply', '--server-side', '-f', '-'], objects.map((object) => stringify(object)).join('---\n'));

  try {
    for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) await makeNamespace(api, name);
    apply(addons.filter(({ metadata }) => metadata.namespace === 'kube-system'));
    const old = server.templateOf('Deployment', 'coredns');
    old.containers[0].image = 'registry.k8s.io/coredns/coredns:v1.0.0';
    await api.request('POST', '/api/v1/namespaces/kube-system/pods', pod(old, 'old-coredns'), replicaSets);
    await api.request('POST', '/apis/apps/v1/namespaces/kube-system/deployments', oldDeployment);
    apply(platform.filter(({ kind }) => !kind.startsWith('Cilium')));
    await policiesAreInForce(server);
  } catch (error) {
    // A server that is left running keeps jest from ending.
    await api.stop();
    throw error;
  }
  return server;
}

/** Made by the API server and the controller manager on a whole cluster. */
async function makeNamespace(api: ApiServer, name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await api.request('POST', '/api/v1/namespaces', namespace);
  await api.request('POST', `/api/v1/namespaces/${name}/serviceaccounts`, serviceAccount('default'));
}

/** A policy that was just written takes a moment to be compiled. */
async function policiesAreInForce(server: PlatformServer): Promise<void> {
  const accounts = '/api/v1/namespaces/shop/serviceaccounts';
  const filled = async () => {
    await server.request('DELETE', `${accounts}/default`);
    const made = await server.request('POST', accounts, serviceAccount('default'));
    return made.body.automountServiceAccountToken === false;
  };
  const judgesTemplates = async () => {
    const templates = '/api/v1/namespaces/shop/podtemplates?dryRun=All';
    const object = { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'x' }, template: { spec: jessie.spec } };
    return (await server.request('POST', templates, object)).status === 403;
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    const guarded = (await server.tryPod(jessie, clusterAdmin)).status === 403;
    const tokenless = (await server.tryPod(pod(plainSpec(true)), clusterAdmin, 'default')).status === 403;
    if (guarded && tokenless && (await filled()) && (await judgesTemplates())) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the policies did not come into force within 20 s');
}

/** Expects a denial with reason `Forbidden` whose message holds each of `texts`. */
export function expectRefusal(response: ApiResponse, ...texts: string[]): void {
  expect(response.status).toBe(403);
  expect(response.body.reason).toBe('Forbidden');
  for (const text of texts) expect(response.body.message).toContain(text);
}

const objectsOf = (yaml: string): KubernetesObject[] =>
  parseAllDocuments(yaml)
    .map((document) => document.toJSON())
    .filter(Boolean);

/** The objects that kubeadm itself puts into kube-system. */
export function kubeadmAddons(kubeadm: string): KubernetesObject[] {
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-kubeadm-'));
  const config = join(directory, 'config.yaml');
  writeFileSync(
    config,
    [
      {
        apiVersion: 'kubeadm.k8s.io/v1beta4',
        kind: 'InitConfiguration',
        localAPIEndpoint: { advertiseAddress: '192.0.2.10' },
      },
      { apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'ClusterConfiguration', kubernetesVersion: 'v1.36.3' },
    ]
      .map((document) => stringify(document))
      .join('---\n'),
  );
  try {
    return ['coredns', 'kube-proxy'].flatMap((addon) => {
      const args = ['init', 'phase', 'addon', addon, '--print-manifest', `--config=${config}`];
      return objectsOf(execFileSync(kubeadm, args, { encoding: 'utf8', stdio: 'pipe' }));
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
