import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache } from '../../apply/artifacts';
import { inventoryNodes, pinnedInventoryNodes } from '../../apply/inventory-nodes';
import type { HardeningError } from '../../lib/errors';
import { describeWithAnsible } from '../support/ansible';

jest.setTimeout(120_000);

describeWithAnsible('inventories of others as nodes of a spec, read by the real Ansible', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-test-'));
  const cacheDirectory = new Cache().directory;
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const quiet = () => undefined;
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJe6qNBjEz0KA3BfpEKbcalg4u3RxAkhp7AlXQcDj3qw';

  test('ranges, group variables, ports and a jump host; host keys from known_hosts', async () => {
    const inventory = write(
      'hosts.ini',
      '[masters]\ncp-1 ansible_host=192.0.2.11\n[nodes]\nworker-[1:2].example.org\n[nodes:vars]\nansible_port=2222\n' +
        "ansible_ssh_common_args='-o ProxyJump=ops@192.0.2.1'\n",
    );
    write('group_vars/all.yml', 'ansible_user: ops\nansible_become: true\n');
    write('host_vars/worker-1.example.org.yml', 'ansible_host: 192.0.2.21\n');
    write('host_vars/worker-2.example.org.yml', 'ansible_host: 192.0.2.22\n');
    const knownHosts = write(
      'known_hosts',
      ['192.0.2.11', '192.0.2.1', '[192.0.2.21]:2222'].map((name) => `${name} ${key}\n`).join(''),
    );

    const options = { knownHosts: [knownHosts], cacheDirectory };
    const nodes = await inventoryNodes(inventory, quiet, cacheDirectory);
    expect([...nodes].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'cp-1', role: 'control-plane', address: '192.0.2.11', ssh: { user: 'ops', become: 'sudo' } },
      ...['1', '2'].map((number) => ({
        name: `worker-${number}`,
        role: 'worker',
        address: `192.0.2.2${number}`,
        ssh: { user: 'ops', port: 2222, become: 'sudo' },
        jump: { user: 'ops', address: '192.0.2.1', port: 22 },
      })),
    ]);
    const missing = await pinnedInventoryNodes(inventory, options).catch((error: HardeningError) => error.issues);
    expect(missing).toEqual([
      expect.objectContaining({ code: 'INVENTORY_HOST_KEY', path: 'worker-2', got: '192.0.2.22:2222' }),
    ]);
    expect(JSON.stringify(missing)).toContain(`bulwark inventory scan --inventory ${inventory}`);
    write('host_vars/worker-2.example.org.yml', 'ansible_host: 192.0.2.21\n');
    const pinned = await pinnedInventoryNodes(inventory, options);
    expect(pinned.map(({ hostKey }) => hostKey)).toEqual([key, key, key]);
    expect(pinned.find(({ name }) => name === 'worker-1')?.ssh?.jump).toEqual({
      user: 'ops',
      address: '192.0.2.1',
      port: 22,
      hostKey: key,
    });
  });

  test('host keys are looked for where the inventory says, as ssh would', async () => {
    const named = write('named/known_hosts', ['192.0.2.1', '192.0.2.11'].map((name) => `${name} ${key}\n`).join(''));
    const inventory = write(
      'named/hosts.yaml',
      `all: {hosts: {cp-1: {ansible_host: 192.0.2.11, ansible_ssh_common_args: '-o UserKnownHostsFile=${named} -J 192.0.2.1'}}}\n`,
    );
    const [node] = await pinnedInventoryNodes(inventory, { cacheDirectory });
    expect(node).toMatchObject({ hostKey: key, ssh: { jump: { address: '192.0.2.1', hostKey: key } } });
  });

  test('every host that cannot be a node is named at once', async () => {
    const inventory = write(
      'bad/hosts',
      '192.0.2.1\nnowhere.invalid\nfar ansible_host=192.0.2.3 ansible_ssh_common_args="-J a,b"\n',
    );
    const issues = await inventoryNodes(inventory, quiet, cacheDirectory).catch(
      (error: HardeningError) => error.issues,
    );
    expect((issues as readonly { path: string; message: string }[]).map(({ path }) => path).sort()).toEqual([
      '192.0.2.1',
      'far',
      'nowhere.invalid',
    ]);
  });
});
