import { spawnSync } from 'node:child_process';
import { nodeImageName } from '../../lab/node-image';
import { nodeRoot } from '../../lab/node-root';

const content = (path: string) => nodeRoot.files.find((file) => file.path === path)?.content ?? '';

describe('the machines’ image', () => {
  test('has a new name when a package, a file or a mode changes, and only then', () => {
    const name = nodeImageName(nodeRoot);
    expect(nodeImageName({ ...nodeRoot })).toBe(name);
    expect(nodeImageName({ ...nodeRoot, packages: nodeRoot.packages.slice(1) })).not.toBe(name);
    expect(nodeImageName({ ...nodeRoot, finish: `${nodeRoot.finish}#` })).not.toBe(name);
    const files = nodeRoot.files.map((file) => ({ ...file, mode: '0777' }));
    expect(nodeImageName({ ...nodeRoot, files })).not.toBe(name);
  });

  test.each([content('/usr/local/sbin/lab-init'), nodeRoot.finish])('has scripts that a shell can read', (script) => {
    expect(spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('lets nobody in but the lab’s user, with a key', () => {
    const sshd = content('/etc/ssh/sshd_config.d/10-lab.conf').split('\n');
    expect(sshd).toEqual(
      expect.arrayContaining(['PermitRootLogin no', 'AllowUsers ops', 'AuthenticationMethods publickey']),
    );
  });

  test('has no node software: installing that is what the lab is for', () => {
    expect(nodeRoot.packages.filter((name) => /kube|containerd|runc|podman|docker|cni|etcd/.test(name))).toEqual([]);
  });
});
