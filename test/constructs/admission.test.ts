import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import {
  type ApiResponse,
  type ApiServer,
  apiServerPrograms,
  type Requester,
  startApiServer,
} from '../support/api-server';
import { describeWith } from '../support/judges';
import { manifestsOf } from './platform-fixture';

// biome-ignore lint/suspicious/noExplicitAny: any Kubernetes object
type KubernetesObject = any;

const controller = (name: string): Requester => ({
  user: `system:serviceaccount:kube-system:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
});
const replicaSets = controller('replicaset-controller');
const daemonSets = controller('daemon-set-controller');
const jobs = controller('job-controller');
const clusterAdmin: Requester = {
  user: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:masters', 'system:authenticated'],
};

const objectsOf = (yaml: string): KubernetesObject[] =>
  parseAllDocuments(yaml)
    .map((document) => document.toJSON())
    .filter(Boolean);

describeWith('admission on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: ApiServer;
  const manifests = manifestsOf({ namespaces: [{ name: 'shop' }] });
  const platform = Object.values(manifests).flatMap(objectsOf);
  let kubeadmObjects: KubernetesObject[];

  const templateOf = (kind: string, name: string): KubernetesObject => {
    const workload = [...platform, ...kubeadmObjects].find(
      (object) => object.kind === kind && object.metadata.name === name,
    );
    return structuredClone(workload.spec.template.spec);
  };
  const pod = (spec: KubernetesObject, name = 'probe', metadata: KubernetesObject = {}): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec,
  });
  const create = (object: KubernetesObject, as: Requester, namespace = 'kube-system'): Promise<ApiResponse> =>
    server.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, object, as);

  const jessie = pod(
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

  beforeAll(async () => {
    kubeadmObjects = kubeadmAddons(programs.kubeadm);
    server = await startApiServer(programs);
    for (const namespace of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
      await namespaceExists(namespace);
    server.kubectl(['apply', '--server-side', '-f', '-'], stringifyAll(kubeadmObjects.filter(isKubeSystem)));
    // A pod of an earlier release, from before the guard.
    const old = templateOf('Deployment', 'coredns');
    old.containers[0].image = 'registry.k8s.io/coredns/coredns:v1.0.0';
    const made = await server.request(
      'POST',
      '/api/v1/namespaces/kube-system/pods',
      pod(old, 'old-coredns'),
      replicaSets,
    );
    expect(made.status).toBe(201);
    server.kubectl(
      ['apply', '--server-side', '-f', '-'],
      stringifyAll(platform.filter(({ kind }) => !kind.startsWith('Cilium'))),
    );
    await policiesAreInForce();
  }, 120_000);

  afterAll(() => server?.stop());

  const isKubeSystem = ({ metadata }: KubernetesObject) => metadata.namespace === 'kube-system';
  const stringifyAll = (objects: KubernetesObject[]): string =>
    objects.map((object) => stringify(object)).join('---\n');

  async function namespaceExists(name: string): Promise<void> {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    expect([201, 409]).toContain((await server.request('POST', '/api/v1/namespaces', namespace)).status);
    await server.request('POST', `/api/v1/namespaces/${name}/serviceaccounts`, serviceAccount('default'));
  }

  const serviceAccount = (name: string, rest: object = {}): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name },
    ...rest,
  });

  /** A policy that was just written takes a moment to be compiled. */
  async function policiesAreInForce(): Promise<void> {
    const tokenless = () => server.request('POST', '/api/v1/namespaces/shop/pods?dryRun=All', pod(plain(true)));
    const filled = async () => {
      const path = '/api/v1/namespaces/shop/serviceaccounts';
      await server.request('DELETE', `${path}/default`);
      const made = await server.request('POST', path, serviceAccount('default'));
      return made.body.automountServiceAccountToken === false;
    };
    for (let attempt = 0; attempt < 100; attempt++) {
      const guarded = (await create(jessie, clusterAdmin)).status === 403;
      if (guarded && (await tokenless()).status === 403 && (await filled())) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error('the policies did not come into force within 20 s');
  }

  const plain = (automountServiceAccountToken?: boolean, serviceAccountName?: string): KubernetesObject => ({
    automountServiceAccountToken,
    serviceAccountName,
    containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10.2' }],
  });

  function expectRefusal(response: ApiResponse, ...texts: string[]): void {
    expect(response.status).toBe(403);
    expect(response.body.reason).toBe('Forbidden');
    for (const text of texts) expect(response.body.message).toContain(text);
  }

  describe('the guard of kube-system', () => {
    test('the attack pod of the thesis is refused, even to cluster-admin', async () => {
      expectRefusal(
        await create(jessie, clusterAdmin),
        'test/exempt-namespace-guard',
        'pod "jessie" is not on the allow-list of namespace kube-system',
        'made by kubernetes-admin and not by a workload controller',
        'image resin/rpi-raspbian:jessie',
        'jessie is privileged',
        'host path /',
        'Run it in a namespace of its own',
      );
    });

    test('the same pod made through a workload is refused', async () => {
      expectRefusal(await create(jessie, replicaSets), 'image resin/rpi-raspbian:jessie');
    });

    test('the same pod is admitted elsewhere: the guard judges exempt namespaces only', async () => {
      expect(
        (
          await create(
            { ...jessie, spec: { ...jessie.spec, automountServiceAccountToken: false } },
            clusterAdmin,
            'default',
          )
        ).status,
      ).toBe(201);
    });

    test.each([
      ['CoreDNS as kubeadm deploys it', () => templateOf('Deployment', 'coredns'), replicaSets],
      ['the Cilium agent', () => templateOf('DaemonSet', 'cilium'), daemonSets],
      ['the Cilium operator', () => templateOf('Deployment', 'cilium-operator'), replicaSets],
      ["kubeadm's upgrade health check", () => upgradeHealthCheck, jobs],
    ])('%s starts', async (_name, spec, requester) => {
      expect(await create(pod(spec()), requester)).toMatchObject({ status: 201 });
    });

    test('a mirror pod of a static pod starts', async () => {
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'cp-1' } };
      const { body } = await server.request('POST', '/api/v1/nodes', node);
      const mirror = pod({ ...jessie.spec, nodeName: 'cp-1' }, 'kube-apiserver-cp-1', {
        annotations: { 'kubernetes.io/config.mirror': 'abc' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'cp-1', uid: body.metadata.uid, controller: true }],
      });
      const kubelet = { user: 'system:node:cp-1', groups: ['system:nodes', 'system:authenticated'] };
      expect(await create(mirror, kubelet)).toMatchObject({ status: 201 });
      expectRefusal(await create(mirror, clusterAdmin), 'test/exempt-namespace-guard');
    });

    const agent = (change: (spec: KubernetesObject) => void) => {
      const spec = templateOf('DaemonSet', 'cilium');
      change(spec);
      return spec;
    };
    test.each<[string, (spec: KubernetesObject) => void, string]>([
      [
        'another image',
        (spec) => {
          spec.containers[0].image = 'docker.io/library/debian:12';
        },
        'image docker.io/library/debian:12',
      ],
      [
        'another command',
        (spec) => {
          spec.containers[0].command = ['sh'];
        },
        'command of cilium-agent',
      ],
      [
        'another command in an init container',
        (spec) => {
          spec.initContainers[0].args = ['id'];
        },
        'command of mount-file-systems',
      ],
      [
        'privileges',
        (spec) => {
          spec.containers[0].securityContext = { privileged: true };
        },
        'cilium-agent is privileged',
      ],
      [
        'a capability',
        (spec) => {
          spec.containers[0].securityContext.capabilities.add.push('SYS_BOOT');
        },
        'capabilities of cilium-agent',
      ],
      [
        "the node's root",
        (spec) => {
          spec.volumes.push({ name: 'root', hostPath: { path: '/' } });
        },
        'host path /',
      ],
      [
        "the node's processes",
        (spec) => {
          spec.hostPID = true;
        },
        'hostPID',
      ],
      [
        "the node's memory",
        (spec) => {
          spec.hostIPC = true;
        },
        'hostIPC',
      ],
      [
        'a Secret',
        (spec) => {
          spec.volumes.push({ name: 'keys', secret: { secretName: 'keys' } });
        },
        'volume keys',
      ],
      [
        'a program mounted over its own',
        (spec) => {
          spec.containers[0].volumeMounts.push({ name: 'tmp', mountPath: '/usr/bin' });
        },
        'mounts of cilium-agent',
      ],
      [
        'a library to preload',
        (spec) => {
          spec.containers[0].env.push({ name: 'LD_PRELOAD', value: '/tmp/x.so' });
        },
        'environment of cilium-agent',
      ],
      [
        'variables from a ConfigMap',
        (spec) => {
          spec.containers[0].envFrom = [{ configMapRef: { name: 'x' } }];
        },
        'environment of cilium-agent',
      ],
      [
        'a lifecycle hook',
        (spec) => {
          spec.containers[0].lifecycle = { preStop: { exec: { command: ['id'] } } };
        },
        'hooks of cilium-agent',
      ],
      [
        'a probe that runs a program',
        (spec) => {
          spec.containers[0].livenessProbe = { exec: { command: ['id'] } };
        },
        'hooks of cilium-agent',
      ],
    ])('the Cilium agent with %s is refused', async (_name, change, text) => {
      const response = await create(pod(agent(change)), daemonSets);
      expectRefusal(response, text);
      // Exactly this was strange: the rest of the pod is the agent's own.
      expect(response.body.message).toContain(`namespace kube-system: ${text}. Run it`);
    });

    test('the privileges of one account are not those of another', async () => {
      const spec = templateOf('Deployment', 'coredns');
      spec.hostNetwork = true;
      expectRefusal(await create(pod(spec), replicaSets), 'hostNetwork');
    });

    test('an account that is not listed is refused', async () => {
      await server.request('POST', '/api/v1/namespaces/kube-system/serviceaccounts', serviceAccount('intruder'));
      expectRefusal(await create(pod(plain(undefined, 'intruder')), replicaSets), 'service account intruder');
    });

    test('a listed pod made by hand is refused', async () => {
      expectRefusal(
        await create(pod(templateOf('DaemonSet', 'cilium')), clusterAdmin),
        'made by kubernetes-admin and not by a workload controller',
      );
    });

    const oldPod = '/api/v1/namespaces/kube-system/pods/old-coredns';
    test('a pod of an earlier release may be labelled, but gets no other image', async () => {
      const label = { metadata: { labels: { seen: 'yes' } } };
      const labelled = await server.request('PATCH', oldPod, label, clusterAdmin);
      expect(labelled.body).toMatchObject({ metadata: { labels: { seen: 'yes' } } });
      const patch = JSON.stringify({
        spec: { containers: [{ name: 'coredns', image: 'docker.io/library/debian:12' }] },
      });
      expect(() => server.kubectl(['patch', 'pod', '-n', 'kube-system', 'old-coredns', '-p', patch])).toThrow(
        'image docker.io/library/debian:12',
      );
    });

    test('a debug container is refused', () => {
      const debug = [
        'debug',
        '-n',
        'kube-system',
        'old-coredns',
        '--image=docker.io/library/busybox',
        '--profile=sysadmin',
        '-c',
        'shell',
      ];
      expect(() => server.kubectl(debug)).toThrow('debug container shell');
    });
  });

  describe('default service accounts', () => {
    const accounts = '/api/v1/namespaces/made-later/serviceaccounts';
    beforeAll(async () => {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'made-later' } };
      await server.request('POST', '/api/v1/namespaces', namespace);
    });

    test('that of a namespace made later gets no token', async () => {
      const { status, body } = await server.request('POST', accounts, serviceAccount('default'));
      expect({ status, automount: body.automountServiceAccountToken }).toEqual({ status: 201, automount: false });
    });

    test('cannot be given one again', async () => {
      const on = { automountServiceAccountToken: true };
      expectRefusal(
        await server.request('PATCH', `${accounts}/default`, on, clusterAdmin),
        'test/tokenless-default-accounts',
        'the default service account of namespace made-later gets no token',
      );
    });

    test('those of every namespace that is there have none', async () => {
      const { body } = await server.request('GET', '/api/v1/serviceaccounts?fieldSelector=metadata.name=default');
      const states = body.items.map((account: KubernetesObject) => [
        account.metadata.namespace,
        account.automountServiceAccountToken,
      ]);
      expect(states.length).toBeGreaterThanOrEqual(6);
      expect(states.filter(([, automount]: [string, boolean]) => automount !== false)).toEqual([]);
    });

    test('a pod that asks for a token with the default account is refused', async () => {
      expectRefusal(
        await create(pod(plain(true)), clusterAdmin, 'made-later'),
        'test/tokenless-default-accounts',
        'pods of the default service account get no token',
      );
    });

    test('a pod that projects a token itself is refused', async () => {
      const spec = plain();
      spec.volumes = [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }];
      expectRefusal(await create(pod(spec), clusterAdmin, 'made-later'), 'get no token');
    });

    test('a plain pod starts without a token, one with its own account gets one', async () => {
      const without = await create(pod(plain()), clusterAdmin, 'made-later');
      expect({ status: without.status, volumes: without.body.spec.volumes }).toEqual({ status: 201 });
      await server.request('POST', accounts, serviceAccount('api-user'));
      const withAccount = await create(pod(plain(undefined, 'api-user')), clusterAdmin, 'made-later');
      expect(withAccount.status).toBe(201);
      expect(withAccount.body.spec.volumes).toHaveLength(1);
    });
  });

  describe('the approver of kubelet certificates', () => {
    const may = async (resourceAttributes: object): Promise<boolean> => {
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user: 'bulwark:csr-approver', groups: ['system:authenticated'], resourceAttributes },
      };
      const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
      return (await server.request('POST', path, review)).body.status.allowed;
    };
    const certificates = { group: 'certificates.k8s.io', version: 'v1' };
    const requests = { ...certificates, resource: 'certificatesigningrequests' };
    const signer = (name: string) => ({ ...certificates, resource: 'signers', verb: 'approve', name });

    test.each([
      ['lists requests', { ...requests, verb: 'list' }],
      ['updates approvals', { ...requests, subresource: 'approval', verb: 'update' }],
      ['approves serving certificates', signer('kubernetes.io/kubelet-serving')],
      ['approves client certificates of kubelets', signer('kubernetes.io/kube-apiserver-client-kubelet')],
    ])('%s', async (_name, attributes) => {
      expect(await may(attributes)).toBe(true);
    });

    test.each([
      ['make requests', { ...requests, verb: 'create' }],
      ['delete requests', { ...requests, verb: 'delete' }],
      ['write certificates', { ...requests, subresource: 'status', verb: 'update' }],
      ['approve client certificates of people', signer('kubernetes.io/kube-apiserver-client')],
      ['read Secrets', { resource: 'secrets', verb: 'get', namespace: 'kube-system' }],
      ['list nodes', { resource: 'nodes', verb: 'list' }],
    ])('may not %s', async (_name, attributes) => {
      expect(await may(attributes)).toBe(false);
    });
  });
});

/** What `kubeadm upgrade` runs, from its source (cmd/kubeadm/app/phases/upgrade/health.go). */
const upgradeHealthCheck: KubernetesObject = {
  restartPolicy: 'Never',
  securityContext: { runAsUser: 999, runAsGroup: 999, runAsNonRoot: true },
  tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  containers: [{ name: 'upgrade-health-check', image: 'registry.k8s.io/pause:3.10.2', args: ['-v'] }],
};

/** The objects that kubeadm itself puts into kube-system. */
function kubeadmAddons(kubeadm: string): KubernetesObject[] {
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
