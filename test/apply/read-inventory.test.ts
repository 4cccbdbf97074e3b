import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInventory } from '../../apply/read-inventory';
import { describeWithAnsible } from '../support/ansible';

test('a file that is not there is refused before anything starts', async () => {
  await expect(readInventory('/nowhere/hosts', () => undefined)).rejects.toThrow('there is no such file');
});

describeWithAnsible('inventories of others, read by the real Ansible', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-test-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const read = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return readInventory(join(directory, name), () => undefined);
  };
  const byName = (hosts: readonly { name: string }[]) => [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));

  test('YAML with groups of groups', async () => {
    const hosts = await read(
      'hosts.yaml',
      `all:
  hosts:
    node1: {ansible_host: 192.0.2.1, ansible_port: 2222}
    node2: {ansible_host: 192.0.2.2}
  children:
    k8s_cluster: {children: {kube_control_plane: {hosts: {node1: }}, kube_node: {hosts: {node2: }}}}
`,
    );
    expect(byName(hosts)).toMatchObject([
      { name: 'node1', address: '192.0.2.1', port: 2222 },
      { name: 'node2', address: '192.0.2.2' },
    ]);
    expect(hosts.find(({ name }) => name === 'node1')?.groups).toEqual(
      expect.arrayContaining(['kube_control_plane', 'k8s_cluster']),
    );
  }, 60_000);

  test('INI, and a plain list of hosts', async () => {
    expect(byName(await read('hosts.ini', '[masters]\nm1 ansible_host=192.0.2.1\n[nodes]\nn[1:2]\n'))).toMatchObject([
      { name: 'm1', address: '192.0.2.1' },
      { name: 'n1', address: 'n1' },
      { name: 'n2', address: 'n2' },
    ]);
    expect(byName(await read('nodes', '192.0.2.1\n192.0.2.2 ansible_user=ops\n'))).toMatchObject([
      { name: '192.0.2.1' },
      { name: '192.0.2.2' },
    ]);
  }, 60_000);

  test('what is no inventory, names nobody or goes round host keys is refused', async () => {
    await expect(read('broken.yaml', 'all: [')).rejects.toThrow('FOREIGN_INVENTORY');
    await expect(read('empty.yaml', 'all: {hosts: {}}')).rejects.toThrow('names no host');
    await expect(read('paramiko.yaml', 'all: {hosts: {a: {ansible_connection: paramiko}}}')).rejects.toThrow(
      'does not check host keys',
    );
  }, 60_000);
});
