import { existsSync } from 'node:fs';
import { parse } from 'yaml';
import { paths } from '../../kubeadm';
import { renderedFile } from '../support/controls';
import { type GoldenCase, goldenBundle } from '../support/golden-bundles';
import { describeWith, notRun } from '../support/judges';
import { eventually, mayMakeNodes, type PrivateNode, type Running, startPrivateNode } from '../support/private-node';
import { hostPlan, treeOf } from '../support/rendered-node';

jest.setTimeout(120_000);

const address = '192.0.2.11';
const endpoint = `https://${address}:6443`;
const config = `--config=${paths.init}`;
const components = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
type Programs = Readonly<Record<(typeof components)[number] | 'kubeadm' | 'kubectl' | 'etcdctl' | 'kubelet', string>>;

/** A control plane as `kubeadm init` would start it: its own manifests, run without a container runtime. */
async function makeNode(name: GoldenCase, kubeadm: string): Promise<PrivateNode> {
  const bundle = goldenBundle(name);
  const node = await startPrivateNode(treeOf(bundle, 'cp-1'), address);
  for (const { path, mode } of hostPlan(bundle, 'cp-1').directories) node.run('mkdir', ['-p', '-m', mode, path]);
  // Where the endpoint is a name, no server of names is asked.
  node.write('/etc/hosts', `127.0.0.1 localhost\n${address} api.example.org\n`);
  for (const phase of ['certs all', 'kubeconfig all', 'etcd local', 'control-plane all', 'kubelet-start']) {
    node.run(kubeadm, ['init', 'phase', ...phase.split(' '), config]);
  }
  return node;
}

function startComponents(node: PrivateNode, programs: Programs): Readonly<Record<string, Running>> {
  return Object.fromEntries(
    components.map((component) => {
      const pod = parse(node.read(`/etc/kubernetes/manifests/${component}.yaml`));
      const [, ...args] = pod.spec.containers[0].command;
      return [component, node.start(programs[component], args)];
    }),
  );
}

/** The last answer of each health endpoint: 200, or what was seen for a minute. */
async function whenHealthy(node: PrivateNode) {
  const answers: { url: string; status: number }[] = [];
  for (const url of [`${endpoint}/readyz`, 'https://127.0.0.1:10257/healthz', 'https://127.0.0.1:10259/healthz']) {
    const { status } = await eventually(
      () => node.anonymous(url),
      (answer) => answer.status === 200,
      60,
    );
    answers.push({ url, status });
  }
  return answers;
}

/** Offers each version of TLS by itself and prints what is agreed on, or why nothing is. */
const offer = `
const tls = require('node:tls');
const [host, port] = process.argv.slice(1);
const attempt = (version) => new Promise((done) => {
  const ciphers = 'DEFAULT@SECLEVEL=0';
  const socket = tls.connect({ host, port, minVersion: version, maxVersion: version, ciphers, rejectUnauthorized: false });
  const end = (result) => { socket.destroy(); done(result); };
  socket.on('secureConnect', () => end(socket.getProtocol())).on('error', ({ code }) => end(code));
});
(async () => {
  const results = [];
  for (const version of ['TLSv1.1', 'TLSv1.2', 'TLSv1.3']) results.push(await attempt(version));
  console.log(results.join(' '));
})();`;

/** The last lines of a program, for the message of a failed expectation. */
const tail = (running: Running | undefined) => running?.output().split('\n').slice(-8).join('\n');

const title = 'kubeadm, etcd, kube-apiserver and kubelet on the rendered files';
const proxyTitle = 'kube-proxy on the rendered configuration';
if (mayMakeNodes) {
  describeWith(title, [...components, 'kubeadm', 'kubectl', 'etcdctl', 'kubelet'], (programs) => {
    describe.each(['lab', 'kube-proxy', 'surroundings', 'strict'] as const)('%s', (name) => {
      let node: PrivateNode;
      let running: Readonly<Record<string, Running>>;
      const kubectl = (args: readonly string[], input?: string) =>
        node.run(programs.kubectl, ['--kubeconfig=/etc/kubernetes/super-admin.conf', `--server=${endpoint}`, ...args], {
          input,
        });

      let answers: readonly { readonly url: string; readonly status: number }[];

      beforeAll(async () => {
        node = await makeNode(name, programs.kubeadm);
        running = startComponents(node, programs);
        answers = await whenHealthy(node);
      });
      afterAll(() => node?.stop());

      test('every component becomes healthy with the arguments of its manifest', () => {
        const seen = answers.map(({ status }) => status);
        expect([seen, tail(running['kube-apiserver'])]).toEqual([[200, 200, 200], expect.anything()]);
        for (const component of components) {
          expect([component, running[component]?.process.exitCode]).toEqual([component, null]);
        }
      });

      test('anonymous requests reach the health paths and nothing else', () => {
        expect(node.anonymous(`${endpoint}/readyz`).status).toBe(200);
        expect(node.anonymous(`${endpoint}/livez?verbose`).status).toBe(200);
        expect(node.anonymous(`${endpoint}/livez/ping`).status).toBe(401);
        expect(node.anonymous(`${endpoint}/version`).status).toBe(401);
      });

      test('TLS 1.3 is spoken by all, TLS 1.2 by all but a strict cluster, TLS 1.1 by none', () => {
        const offered = (port: number) =>
          node.run(process.execPath, ['-e', offer, port === 6443 ? address : '127.0.0.1', `${port}`]).trim();
        for (const port of [6443, 10257, 10259]) {
          const older = name === 'strict' ? 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' : 'TLSv1.2';
          expect([port, offered(port)]).toEqual([port, `ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION ${older} TLSv1.3`]);
        }
      });

      test('the kubelet accepts its configuration', async () => {
        const args = ['--config=/var/lib/kubelet/config.yaml', '--kubeconfig=/etc/kubernetes/kubelet.conf'];
        if (!existsSync('/sys/fs/cgroup/cgroup.controllers')) {
          // This machine still has cgroup v1, which the kubelet refuses before it looks at anything else.
          const dropIn = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfailCgroupV1: false\n';
          node.run('mkdir', ['-p', '/etc/kubelet.d']);
          node.write('/etc/kubelet.d/10-cgroup.conf', dropIn);
          args.push('--config-dir=/etc/kubelet.d');
        }
        // Without a container runtime it ends, but only after it has read and validated the configuration.
        const accepted = node.start(programs.kubelet, args);
        await eventually(
          () => accepted.process.exitCode,
          (code) => code !== null,
          30,
        );
        expect(accepted.output()).toContain('failed to run Kubelet: validate service connection');
        // An unknown field is no error to the kubelet: it logs this, and goes on without the field.
        expect(accepted.output()).not.toContain('strict decoding error');

        node.write('/var/lib/kubelet/broken.yaml', `${node.read('/var/lib/kubelet/config.yaml')}podPidsLimits: 1\n`);
        const refused = node.start(programs.kubelet, ['--config=/var/lib/kubelet/broken.yaml', ...args.slice(1)]);
        await eventually(
          () => refused.process.exitCode,
          (code) => code !== null,
          30,
        );
        expect(refused.output()).toContain('strict decoding error: unknown field');
      });

      // The clusters differ in the documents that programs read at their start; what follows differs by profile only.
      if (name !== 'lab' && name !== 'strict') return;

      test('the audit log holds bodies of a strict cluster only', async () => {
        kubectl(['create', 'serviceaccount', 'bodies', '--namespace=default']);
        const made = /"resource":"serviceaccounts","namespace":"default","name":"bodies"/;
        const log = await eventually(
          () => node.read('/var/log/kubernetes/audit/audit.log'),
          (text) => made.test(text),
          10,
        );
        const event = JSON.parse(log.split('\n').find((line) => made.test(line)) ?? '{}');
        expect([event.level, event.requestObject?.kind]).toEqual(
          name === 'strict' ? ['RequestResponse', 'ServiceAccount'] : ['Metadata', undefined],
        );
      });

      test('the API server shares its time among its users', () => {
        const levels = kubectl(['get', '--raw', '/debug/api_priority_and_fairness/dump_priority_levels']);
        expect(levels).toMatch(/^workload-low,/m);
      });

      test('a Secret is encrypted in etcd, and the audit log names it without its value', async () => {
        const canary = 'canary-5d1f0c';
        kubectl(['create', 'secret', 'generic', 'canary', `--from-literal=value=${canary}`]);
        expect(kubectl(['get', 'secret', 'canary', '-o', 'jsonpath={.data.value}'])).toBe(
          Buffer.from(canary).toString('base64'),
        );
        const pki = '/etc/kubernetes/pki/etcd';
        const stored = node.run(programs.etcdctl, [
          `--endpoints=https://${address}:2379`,
          `--cacert=${pki}/ca.crt`,
          `--cert=${pki}/healthcheck-client.crt`,
          `--key=${pki}/healthcheck-client.key`,
          'get',
          '--print-value-only',
          '/registry/secrets/default/canary',
        ]);
        expect(stored.startsWith('k8s:enc:secretbox:v1:key1:')).toBe(true);

        const log = await eventually(
          () => node.read('/var/log/kubernetes/audit/audit.log'),
          (text) => text.includes('"name":"canary"'),
          10,
        );
        const events = log.split('\n').filter((line) => line.includes('"name":"canary"'));
        expect(events.map((line) => JSON.parse(line).verb)).toEqual(expect.arrayContaining(['create', 'get']));
        expect(log).not.toContain(Buffer.from(canary).toString('base64'));
      });

      test('a pod with the root of the node is refused in an ordinary namespace', async () => {
        // The controller manager makes the account first; without it another plugin would refuse the pod.
        await eventually(
          () => kubectl(['get', 'serviceaccounts']),
          (text) => text.includes('default'),
          30,
        );
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'root' },
          spec: {
            containers: [{ name: 'root', image: 'example.org/root', securityContext: { privileged: true } }],
            volumes: [{ name: 'root', hostPath: { path: '/' } }],
          },
        };
        expect(() => kubectl(['create', '-f', '-'], JSON.stringify(pod))).toThrow(
          /violates PodSecurity "restricted:v1/,
        );
      });
    });

    test('the patch for workers takes the directory of static pods away', async () => {
      const node = await makeNode('lab', programs.kubeadm);
      try {
        expect(parse(node.read('/var/lib/kubelet/config.yaml')).staticPodPath).toBe('/etc/kubernetes/manifests');
        const patch = `${paths.patches}/kubeletconfiguration0+json.json`;
        node.write(patch, renderedFile(goldenBundle('lab'), patch, 'worker-1'));
        node.run(programs.kubeadm, ['init', 'phase', 'kubelet-start', config]);
        expect(parse(node.read('/var/lib/kubelet/config.yaml')).staticPodPath).toBeUndefined();
      } finally {
        node.stop();
      }
    });

    test('kube-apiserver refuses a document that is wrong', async () => {
      const node = await makeNode('lab', programs.kubeadm);
      try {
        node.write(paths.audit, node.read(paths.audit).replace('level: Metadata', 'level: Everything'));
        const { 'kube-apiserver': server } = startComponents(node, programs);
        await eventually(
          () => server?.process.exitCode,
          (code) => code !== null,
          30,
        );
        expect(server?.output()).toContain('loading audit policy file: rules[');
      } finally {
        node.stop();
      }
    });
  });

  describeWith(proxyTitle, ['kube-proxy'], (programs) => {
    test('kube-proxy accepts its configuration', async () => {
      const text = renderedFile(goldenBundle('kube-proxy'), paths.init);
      const document = text.split('---\n').find((part) => part.includes('kind: KubeProxyConfiguration')) ?? '';
      const kubeconfig = { clusters: [{ name: 'none', cluster: { server: endpoint } }], users: [], contexts: [] };
      const files = {
        '/etc/none.conf': JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...kubeconfig }),
        '/etc/kube-proxy.yaml': `${document}clientConnection: {kubeconfig: /etc/none.conf}\n`,
        '/etc/broken.yaml': `${document}clientConnection: {kubeconfig: /etc/none.conf}\nmetricBindAddress: 127.0.0.1\n`,
      };
      const tree = Object.entries(files).map(([path, content]) => ({ path, content, mode: '0600' }));
      const node = await startPrivateNode(tree, address);
      try {
        const start = async (file: string) => {
          const proxy = node.start(programs['kube-proxy'], [`--config=${file}`]);
          return eventually(proxy.output, (output) => /Using \w+ proxy|command failed/.test(output), 20);
        };
        expect(await start('/etc/kube-proxy.yaml')).toMatch(/Using iptables proxy/);
        expect(await start('/etc/kube-proxy.yaml')).not.toContain('strict decoding error');
        expect(await start('/etc/broken.yaml')).toContain('strict decoding error: unknown field');
      } finally {
        node.stop();
      }
    });
  });
} else {
  for (const name of [title, proxyTitle]) notRun(name, 'namespaces need root');
}

test('the control planes of this file are real or reported', () => {
  expect(hostPlan(goldenBundle('lab'), 'cp-1').node.role).toBe('control-plane');
});
