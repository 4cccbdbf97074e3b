import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Inputs, runtime } from '@pulumi/pulumi';
import { parse } from 'yaml';
import { paths } from '../../kubeadm';
import { catalogue } from '../../lib/controls/registry';
import { type Resolution, resolve } from '../../lib/resolve';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { parseSpec } from '../../lib/spec/parse';
import { artifactRequest } from '../../stacks/artifact-request';
import { makeBundle } from '../../stacks/cluster-bundle';
import { describeWith, findArm64Program, notRun } from '../support/judges';
import { eventually, mayMakeNodes, type PrivateNode, startPrivateNode } from '../support/private-node';
import { treeOf } from '../support/rendered-node';
import { hostKeys } from '../support/spec';

jest.mock('bulwark/stacks', () => jest.requireActual('../../stacks'), { virtual: true });

const folder = join(__dirname, '../../stacks/raspberry-pi');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** The example stack as the engine would hand it over, with real host keys in the place of what is to be replaced. */
function configuration(): Record<string, string> {
  const text = read('Pulumi.example.yaml').replaceAll(/hostKey: REPLACE .*/g, `hostKey: ${hostKeys[0]}`);
  const defaults = Object.entries<{ default?: unknown }>(parse(read('Pulumi.yaml')).config)
    .filter(([, declared]) => declared.default !== undefined)
    .map(([key, declared]) => [`raspberry-pi:${key}`, declared.default]);
  const values = { ...Object.fromEntries(defaults), ...parse(text).config };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** What the program of the example stack asks the provider for. */
async function exampleSpec(): Promise<ClusterSpecInput> {
  const made: { type: string; inputs: Inputs }[] = [];
  await runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        made.push({ type, inputs });
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    'raspberry-pi',
    'home',
  );
  runtime.setAllConfig(configuration());
  require('../../stacks/raspberry-pi/index');
  const cluster = () => made.find(({ type }) => type === 'bulwark:index:Cluster');
  return (await eventually(cluster, (found) => found !== undefined, 30))?.inputs.spec as ClusterSpecInput;
}

let parsed: ReturnType<typeof parseSpec>;
let resolution: Resolution;
beforeAll(async () => {
  // The provider calls a cluster like its resource.
  const spec = { ...(await exampleSpec()), name: 'home' };
  parsed = parseSpec(spec, { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) });
  resolution = resolve(parsed.spec, catalogue);
}, 60_000);

test('the example stack is the five-node cluster, whose spec has no error and no warning', () => {
  expect(parsed.warnings).toEqual([]);
  expect(parsed.spec.nodes.map(({ name, role, platform }) => `${name} ${role} ${platform?.board}`)).toEqual([
    'pi-1 worker pi-4',
    'pi-2 worker pi-4',
    'pi-3 worker pi-4',
    'pi-4 worker pi-4',
    'pi-5 control-plane pi-4',
  ]);
  const { cluster, controls } = resolution;
  expect(controls.map(({ id }) => id)).toEqual(expect.arrayContaining(['board/clock', 'board/etcd-disk']));
  expect(artifactRequest(cluster).arch).toBe('arm64');
});

const title = 'the control plane of the example, made by kubeadm for arm64';
const kubeadm = findArm64Program('kubeadm');
if (!mayMakeNodes) notRun(title, 'namespaces need root');
else if (kubeadm === undefined) notRun(title, '`bulwark artifacts build --arch arm64` did not run here');
else {
  describeWith(title, ['qemu-aarch64-static', 'openssl'], ({ openssl, 'qemu-aarch64-static': qemu }) => {
    let node: PrivateNode;
    const phase = (...words: string[]) => node.run(qemu, [kubeadm, 'init', 'phase', ...words, '--config', paths.init]);
    beforeAll(async () => {
      node = await startPrivateNode(treeOf(makeBundle(resolution), 'pi-5'), '10.42.0.15');
    });
    afterAll(() => node?.stop());

    test('has the timing of its board, and the address of the gateway in its certificate', () => {
      for (const words of [
        ['certs', 'all'],
        ['kubeconfig', 'all'],
        ['control-plane', 'all'],
        ['etcd', 'local'],
      ]) {
        phase(...words);
      }
      expect(node.read('/etc/kubernetes/manifests/kube-apiserver.yaml')).toContain('--authorization-');
      expect(node.read('/etc/kubernetes/manifests/etcd.yaml')).toContain('--heartbeat-interval=500');
      const certificate = '/etc/kubernetes/pki/apiserver.crt';
      const names = node.run(openssl, ['x509', '-in', certificate, '-noout', '-ext', 'subjectAltName']);
      expect(names).toContain('IP Address:10.42.0.15');
      // Clients outside know the gateway only.
      expect(names).toContain('IP Address:192.168.1.50');
    }, 300_000);

    test('takes every field of the documents, and refuses one that it does not know', () => {
      const validate = () => node.run(qemu, [kubeadm, 'config', 'validate', '--config', paths.init]);
      expect(validate()).toBe('ok\n');
      node.write(paths.init, node.read(paths.init).replace('clusterName:', 'clusterNames:'));
      expect(validate).toThrow(/unknown field "clusterNames"/);
    }, 120_000);
  });
}
