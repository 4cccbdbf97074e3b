import { apiServerPrograms } from '../support/api-server';
import { describeWith } from '../support/judges';
import {
  clusterAdmin,
  controller,
  expectRefusal,
  jessie,
  type KubernetesObject,
  oldPod,
  type PlatformServer,
  plainSpec,
  pod,
  serviceAccount,
  startPlatformServer,
} from './platform-server';

const replicaSets = controller('replicaset-controller');
const daemonSets = controller('daemon-set-controller');
const jobs = controller('job-controller');

/** What `kubeadm upgrade` runs, from its source (cmd/kubeadm/app/phases/upgrade/health.go). */
const upgradeHealthCheck: KubernetesObject = {
  restartPolicy: 'Never',
  securityContext: { runAsUser: 999, runAsGroup: 999, runAsNonRoot: true },
  tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  containers: [{ name: 'upgrade-health-check', image: 'registry.k8s.io/pause:3.10.2', args: ['-v'] }],
};

describeWith('the guard of kube-system, on a real kube-apiserver', apiServerPrograms, (programs) => {
  let server: PlatformServer;

  beforeAll(async () => {
    server = await startPlatformServer(programs, { namespaces: [{ name: 'shop' }], metricsServer: true });
  }, 120_000);

  afterAll(() => server?.stop());

  test('the attack pod of the thesis is refused, even to cluster-admin', async () => {
    expectRefusal(
      await server.tryPod(jessie, clusterAdmin),
      'test/exempt-namespace-guard',
      'Pod "jessie" is not on the allow-list of namespace kube-system',
      'made by kubernetes-admin and not by a workload controller',
      'image resin/rpi-raspbian:jessie',
      'jessie is privileged',
      'host path /',
      'Run it in a namespace of its own',
    );
  });

  test('the same pod made through a workload is refused', async () => {
    expectRefusal(await server.tryPod(jessie, replicaSets), 'image resin/rpi-raspbian:jessie');
  });

  test('the same pod is admitted elsewhere: the guard judges exempt namespaces only', async () => {
    expect(
      (
        await server.tryPod(
          { ...jessie, spec: { ...jessie.spec, automountServiceAccountToken: false } },
          clusterAdmin,
          'default',
        )
      ).status,
    ).toBe(201);
  });

  test.each([
    ['CoreDNS as kubeadm deploys it', () => server.templateOf('Deployment', 'coredns'), replicaSets],
    ['the Cilium agent', () => server.templateOf('DaemonSet', 'cilium'), daemonSets],
    ['the Cilium operator', () => server.templateOf('Deployment', 'cilium-operator'), replicaSets],
    ['metrics-server', () => server.templateOf('Deployment', 'metrics-server'), replicaSets],
    ["kubeadm's upgrade health check", () => upgradeHealthCheck, jobs],
  ])('%s starts', async (_name, spec, requester) => {
    expect(await server.tryPod(pod(spec()), requester)).toMatchObject({ status: 201 });
  });

  test('a mirror pod of a static pod starts', async () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'cp-1' } };
    const { body } = await server.request('POST', '/api/v1/nodes', node);
    const mirror = pod({ ...jessie.spec, nodeName: 'cp-1' }, 'kube-apiserver-cp-1', {
      annotations: { 'kubernetes.io/config.mirror': 'abc' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'cp-1', uid: body.metadata.uid, controller: true }],
    });
    const kubelet = { user: 'system:node:cp-1', groups: ['system:nodes', 'system:authenticated'] };
    expect(await server.tryPod(mirror, kubelet)).toMatchObject({ status: 201 });
    expectRefusal(await server.tryPod(mirror, clusterAdmin), 'test/exempt-namespace-guard');
  });

  const agent = (change: (spec: KubernetesObject) => void) => {
    const spec = server.templateOf('DaemonSet', 'cilium');
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
    const response = await server.tryPod(pod(agent(change)), daemonSets);
    expectRefusal(response, text);
    // Exactly this was strange: the rest of the pod is the agent's own.
    expect(response.body.message).toContain(`namespace kube-system: ${text}. Run it`);
  });

  test('the privileges of one account are not those of another', async () => {
    const spec = server.templateOf('Deployment', 'coredns');
    spec.hostNetwork = true;
    expectRefusal(await server.tryPod(pod(spec), replicaSets), 'hostNetwork');
  });

  test('the Secret of one account is not that of another', async () => {
    const spec = server.templateOf('Deployment', 'metrics-server');
    expectRefusal(await server.tryPod(pod({ ...spec, serviceAccountName: 'coredns' }), replicaSets), 'volume tls');
    spec.volumes[0].secret.secretName = 'keys';
    expectRefusal(await server.tryPod(pod(spec), replicaSets), 'volume tls');
  });

  test('an account that is not listed is refused', async () => {
    await server.request('POST', '/api/v1/namespaces/kube-system/serviceaccounts', serviceAccount('intruder'));
    expectRefusal(await server.tryPod(pod(plainSpec(undefined, 'intruder')), replicaSets), 'service account intruder');
  });

  test('a listed pod made by hand is refused', async () => {
    expectRefusal(
      await server.tryPod(pod(server.templateOf('DaemonSet', 'cilium')), clusterAdmin),
      'made by kubernetes-admin and not by a workload controller',
    );
  });

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
