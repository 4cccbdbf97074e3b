import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Inputs, runtime } from '@pulumi/pulumi';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { HardenedCluster, InventoryNodes } from '../../stacks';
import { resolveSpec } from '../../stacks/resolve-spec';
import { describeWithAnsible } from '../support/ansible';
import { hostKeys } from '../support/spec';

const root = join(__dirname, '../..');

jest.setTimeout(120_000);

describeWithAnsible('InventoryNodes from an inventory of Ansible', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-nodes-'));
  const made: { type: string; inputs: Inputs }[] = [];
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  beforeAll(async () => {
    await runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        made.push({ type, inputs });
        return { id: name, state: inputs };
      },
      call: () => ({}),
    });
    write(
      'known_hosts',
      ['192.0.2.11', '[192.0.2.21]:2222', '192.0.2.1'].map((host, index) => `${host} ${hostKeys[index]}\n`).join(''),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The spec that the provider is given. */
  const specWith = async (inventory: string): Promise<ClusterSpecInput> => {
    made.length = 0;
    const networking = { allowedApiCidrs: ['198.51.100.0/24'], operatorCidrs: ['198.51.100.7'] };
    new HardenedCluster('demo', {
      nodes: new InventoryNodes({ inventory, ssh: { user: 'ops' } }),
      spec: { name: 'demo', networking },
    });
    const cluster = () => made.find(({ type }) => type === 'bulwark:index:Cluster');
    const deadline = Date.now() + 60_000;
    while (!cluster() && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
    return cluster()?.inputs.spec;
  };
  const keys = `-o UserKnownHostsFile=${join(folder, 'known_hosts')}`;
  const files = {
    'ini/group_vars/all.yml': `ansible_ssh_common_args: '${keys}'\n`,
    'yaml/group_vars/all/ssh.yaml': `ansible_ssh_common_args: ${keys}\n`,
    'ini/hosts':
      '[masters]\ncp-1 ansible_host=192.0.2.11\n\n[nodes]\nworker-1.example.org\n\n[nodes:vars]\nansible_port=2222\n',
    'ini/group_vars/nodes.yml': `ansible_become: true\nansible_ssh_common_args: '${keys} -o ProxyJump=ops@192.0.2.1'\n`,
    'ini/host_vars/worker-1.example.org.yml': 'ansible_host: 192.0.2.21\nansible_user: admin\n',
    'yaml/hosts.yaml': `all:
  children:
    kube_control_plane: {hosts: {cp-1: {ansible_host: 192.0.2.11}}}
    kube_node: {hosts: {worker-1.example.org: {ansible_host: 192.0.2.21, ansible_user: admin}}}
`,
    'yaml/group_vars/kube_node.yaml': `ansible_port: 2222
ansible_become: true
ansible_ssh_common_args: ${keys} -o ProxyCommand="ssh -W %h:%p ops@192.0.2.1"
`,
  };

  test.each(['ini/hosts', 'yaml/hosts.yaml'])('%s becomes nodes of a spec that stands', async (inventory) => {
    for (const [name, text] of Object.entries(files)) write(name, text);
    const spec = await specWith(join(folder, inventory));
    const nodes = [...spec.nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(nodes).toEqual([
      { name: 'cp-1', role: 'control-plane', address: '192.0.2.11', hostKey: hostKeys[0] },
      {
        name: 'worker-1',
        role: 'worker',
        address: '192.0.2.21',
        hostKey: hostKeys[1],
        ssh: {
          user: 'admin',
          port: 2222,
          become: 'sudo',
          jump: { user: 'ops', address: '192.0.2.1', port: 22, hostKey: hostKeys[2] },
        },
      },
    ]);
    expect(resolveSpec(spec).resolution.cluster.controlPlanes.map(({ name }) => name)).toEqual(['cp-1']);
  });

  test.each([
    ['no file', undefined, /nowhere: there is no such file/],
    ['no key of a host', 'cp-1 ansible_host=192.0.2.99\n', /cp-1: no known_hosts file has.*192\.0\.2\.99:22/],
    [
      'no key of a jump host',
      'cp-1 ansible_host=192.0.2.11 ansible_ssh_common_args="-J bastion:22"\n',
      /jump host of cp-1: no known_hosts file has.*bastion:22.*bulwark inventory scan --inventory/,
    ],
    ['two jump hosts', 'cp-1 ansible_host=192.0.2.11 ansible_ssh_common_args="-J a,b"\n', /a spec knows one jump host/],
  ])('%s: the program ends with the place and a fix', (_, text, message) => {
    const inventory = text === undefined ? join(folder, 'nowhere') : write('wrong/hosts', text);
    const stacks = JSON.stringify(join(root, 'stacks'));
    const program = write(
      'program.ts',
      `const { runtime } = require(${JSON.stringify(require.resolve('@pulumi/pulumi'))});
runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
const { HardenedCluster, InventoryNodes } = require(${stacks});
new HardenedCluster('demo', { nodes: new InventoryNodes({ inventory: ${JSON.stringify(inventory)} }), spec: {} });
`,
    );
    const { status, stderr } = spawnSync(join(root, 'node_modules/.bin/tsx'), [program], {
      encoding: 'utf8',
      cwd: root,
    });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('Fix: ');
    expect(stderr).toContain(inventory);
    expect(stderr).toContain('RunError');
  });
});
