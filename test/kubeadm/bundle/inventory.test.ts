import { execFileSync } from 'node:child_process';
import { parse } from 'yaml';
import type { ClusterSpecInput } from '../../../lib/spec/cluster-spec';
import { bundleOf } from '../../support/controls';
import { describeWith } from '../../support/judges';
import { fileOf } from '../../support/rendered-node';
import { hostKeys, specInput } from '../../support/spec';

const jump = { address: 'jump.example.org', user: 'gate', port: 2200, hostKey: hostKeys[2] };

function hostsOf(changes: Partial<ClusterSpecInput>) {
  const bundle = bundleOf([], changes);
  const { children } = parse(fileOf(bundle, 'inventory.yaml')).all;
  return { hosts: { ...children.control_plane.hosts, ...children.workers.hosts }, keys: fileOf(bundle, 'known_hosts') };
}

test('root logs in as root, and anybody else becomes root by sudo', () => {
  expect(hostsOf({}).hosts['cp-1']).toMatchObject({ ansible_user: 'root', ansible_become: false, ansible_port: 22 });
  expect(hostsOf({ ssh: { user: 'ops' } }).hosts['cp-1']).toMatchObject({
    ansible_user: 'ops',
    ansible_become: true,
    ansible_become_method: 'sudo',
  });
});

test('a node overrides the way that all are reached', () => {
  const [first, ...others] = specInput().nodes;
  const nodes = [{ ...first, ssh: { port: 2222, user: 'root' } } as (typeof others)[number], ...others];
  const { hosts, keys } = hostsOf({ nodes, ssh: { user: 'ops' } });
  expect(hosts['cp-1']).toMatchObject({ ansible_port: 2222, ansible_user: 'root', ansible_become: false });
  expect(hosts['worker-1']).toMatchObject({ ansible_port: 22, ansible_user: 'ops' });
  expect(keys.split('\n')[0]).toBe(`[192.0.2.11]:2222 ${hostKeys[0]}`);
});

test('known_hosts pins each node and the jump host once', () => {
  const { keys } = hostsOf({ ssh: { jump } });
  expect(keys.trim().split('\n')).toEqual([
    `192.0.2.11 ${hostKeys[0]}`,
    `[jump.example.org]:2200 ${hostKeys[2]}`,
    `192.0.2.21 ${hostKeys[1]}`,
    `192.0.2.22 ${hostKeys[2]}`,
  ]);
});

describeWith('ssh reads the options of the inventory', ['ssh', 'python3'], ({ ssh, python3 }) => {
  /** What OpenSSH makes of the options, given as Ansible splits them. */
  function effective(options: string, directory: string): Record<string, string> {
    const text = options.replaceAll('{{ inventory_dir }}', directory);
    const split = execFileSync(python3, [
      '-c',
      'import json,shlex,sys; print(json.dumps(shlex.split(sys.argv[1])))',
      text,
    ]);
    const shown = execFileSync(ssh, ['-G', '-F', 'none', ...JSON.parse(split.toString()), '192.0.2.11'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return Object.fromEntries(shown.split('\n').map((line) => [line.split(' ')[0], line.slice(line.indexOf(' ') + 1)]));
  }

  test('no other file of host keys counts, also where the bundle lies in a path with a space', () => {
    const { hosts } = hostsOf({});
    expect(effective(hosts['cp-1'].ansible_ssh_common_args, '/srv/my clusters')).toMatchObject({
      userknownhostsfile: '/srv/my clusters/known_hosts',
      globalknownhostsfile: '/dev/null',
      stricthostkeychecking: 'true',
    });
  });

  test('the connection to the jump host is pinned by the same file', () => {
    const identityFile = "~/.ssh/o'brien key";
    const { hosts } = hostsOf({ ssh: { jump, identityFile, user: 'ops' } });
    const { proxycommand } = effective(hosts['cp-1'].ansible_ssh_common_args, '/srv/my clusters');
    const inner = proxycommand?.replace(/^ssh /, '').replace('-W [%h]:%p', '') ?? '';
    const shown = execFileSync('sh', ['-c', `${ssh} -G -F none ${inner}`], { encoding: 'utf8', stdio: 'pipe' });
    expect(shown).toMatch(/^userknownhostsfile \/srv\/my clusters\/known_hosts$/m);
    expect(shown).toMatch(/^stricthostkeychecking true$/m);
    expect(shown).toMatch(/^identityfile ~\/\.ssh\/o'brien key$/m);
    expect(shown).toMatch(/^user gate$/m);
    expect(shown).toMatch(/^hostname jump\.example\.org$/m);
    expect(shown).toMatch(/^port 2200$/m);
  });
});
