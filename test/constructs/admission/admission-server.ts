import { App, Chart } from 'cdk8s';
import { TenantBoundary } from '../../../constructs/tenancy/tenant-boundary';
import type { ApiResponse, ApiServerPrograms, Requester } from '../../support/api-server';
import { clusterAdmin, type KubernetesObject, type PlatformServer, pod, startPlatformServer } from '../platform-server';

/** A digest of no image. */
export const digest = `sha256:${'a'.repeat(64)}`;

/** A pod that every policy admits. */
export const goodSpec = (): KubernetesObject => ({
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'main',
      image: 'registry.example/shop/web:1.0.0',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
});

export const imageOf = (image: string): KubernetesObject => {
  const spec = goodSpec();
  spec.containers[0].image = image;
  return spec;
};

export const labels = { app: 'x' };
const template = (spec: KubernetesObject) => ({ metadata: { labels }, spec });
export const workload = (kind: string, spec: KubernetesObject, apiVersion = 'apps/v1') => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  spec,
});
export const selector = { matchLabels: labels };
export const deployment = (spec: KubernetesObject) => workload('Deployment', { selector, template: template(spec) });
const job = (spec: KubernetesObject) => ({ template: template({ ...spec, restartPolicy: 'Never' }) });

/** Every kind that makes pods, with the path that it is posted to. */
export const makers: Readonly<Record<string, [path: string, make: (spec: KubernetesObject) => KubernetesObject]>> = {
  Deployment: ['apis/apps/v1/namespaces/NS/deployments', deployment],
  ReplicaSet: [
    'apis/apps/v1/namespaces/NS/replicasets',
    (spec) => workload('ReplicaSet', { selector, template: template(spec) }),
  ],
  DaemonSet: [
    'apis/apps/v1/namespaces/NS/daemonsets',
    (spec) => workload('DaemonSet', { selector, template: template(spec) }),
  ],
  StatefulSet: [
    'apis/apps/v1/namespaces/NS/statefulsets',
    (spec) => workload('StatefulSet', { selector, serviceName: 'x', template: template(spec) }),
  ],
  Job: ['apis/batch/v1/namespaces/NS/jobs', (spec) => workload('Job', job(spec), 'batch/v1')],
  CronJob: [
    'apis/batch/v1/namespaces/NS/cronjobs',
    (spec) => workload('CronJob', { schedule: '0 0 * * *', jobTemplate: { spec: job(spec) } }, 'batch/v1'),
  ],
  ReplicationController: [
    'api/v1/namespaces/NS/replicationcontrollers',
    (spec) => workload('ReplicationController', { selector: labels, template: template(spec) }, 'v1'),
  ],
  PodTemplate: [
    'api/v1/namespaces/NS/podtemplates',
    (spec) => ({ apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'x' }, template: template(spec) }),
  ],
};

/** The answer to what is let in. */
export const admitted = { status: 201 };

/** A server with every policy in force, and short ways to ask it. Nothing that is asked for is stored. */
export interface AdmissionServer extends PlatformServer {
  ask(path: string, object: unknown, method?: 'POST' | 'PUT' | 'PATCH', as?: Requester): Promise<ApiResponse>;
  /** Asks for a pod, in `shop` unless said otherwise. */
  tryIn(spec: KubernetesObject, namespace?: string): Promise<ApiResponse>;
  /** Asks for a workload of this kind, whose pods have `spec`. */
  tryMaker(kind: string, spec: KubernetesObject, namespace?: string): Promise<ApiResponse>;
}

/** Namespaces: `shop`, `agents` at level privileged, `tenant` of the tenant `strict`, with registries of its own, `debugged` with its label. */
export async function startAdmissionServer(programs: ApiServerPrograms): Promise<AdmissionServer> {
  const server = await startPlatformServer(programs, {
    images: { registries: ['registry.example', 'ghcr.io/our-team'] },
    namespaces: [
      { name: 'shop' },
      {
        name: 'agents',
        level: 'privileged',
        waiver: { reason: 'node agents need the host', owner: 'platform', expires: '2030-01-31' },
      },
    ],
  });
  const namespace = (name: string, metadata: object) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...metadata },
  });
  const made = [
    namespace('tenant', {}),
    namespace('debugged', { labels: { 'bulwark.dev/debug-containers': 'allowed' } }),
  ];
  for (const object of made) await server.request('POST', '/api/v1/namespaces', object);
  for (const name of ['tenant', 'debugged', 'agents', 'shop']) {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
    await server.request('POST', `/api/v1/namespaces/${name}/serviceaccounts`, account);
  }

  const chart = new Chart(new App(), 'boundary');
  new TenantBoundary(chart, 'strict', {
    tenant: 'strict',
    namespaces: ['tenant'],
    registries: ['registry.example/tenant'],
    storageClasses: [],
  });
  server.kubectl(
    ['apply', '--server-side', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: chart.toJson() }),
  );
  const strange = pod(imageOf('registry.example/strange:1'));
  for (let attempt = 0; (await server.tryPod(strange, clusterAdmin, 'tenant')).status !== 403; attempt++) {
    if (attempt === 100) throw new Error('the boundary of the tenant did not come into force within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }

  const ask: AdmissionServer['ask'] = (path, object, method = 'POST', as = clusterAdmin) =>
    server.request(method, `/${path}?dryRun=All`, object, as);
  return {
    ...server,
    ask,
    tryIn: (spec, namespace = 'shop') => server.tryPod(pod(spec), clusterAdmin, namespace),
    tryMaker: (kind, spec, namespace = 'shop') => {
      const [path, make] = makers[kind] as (typeof makers)[string];
      return ask(path.replace('NS', namespace), make(spec));
    },
  };
}
