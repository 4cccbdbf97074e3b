import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostChanges, labDown, labReboot, labStatus, labUp, readHostState, sshArguments } from '../../lab';
import { describeChange } from '../../lab/host-state';
import { nodeImageName } from '../../lab/node-image';
import { nodeRoot } from '../../lab/node-root';
import { notRun } from '../support/judges';

const minimal = { stateDirectory: 'unused', nodes: [{ name: 'cp-1', role: 'control-plane' }] } as const;

describe('a request for a lab', () => {
  test.each([
    ['a name that is no host name', { ...minimal, name: 'My_Lab' }, 'LAB_BAD_NAME'],
    [
      'two machines of one name',
      { ...minimal, name: 'x', nodes: [...minimal.nodes, ...minimal.nodes] },
      'LAB_SAME_NAME',
    ],
    ['no machine', { ...minimal, name: 'x', nodes: [] }, 'LAB_MACHINE_COUNT'],
  ])('with %s is refused before anything is done', async (_, wrong, code) => {
    await expect(labUp(wrong)).rejects.toMatchObject({ kind: 'usage', issues: [{ code }] });
  });
});

/** Why a real lab cannot be started here and now, or nothing. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'a lab needs root';
  try {
    execFileSync('podman', ['image', 'exists', nodeImageName(nodeRoot)], { stdio: 'ignore' });
    const others = execFileSync('podman', ['ps', '--all', '--quiet'], { encoding: 'utf8' });
    return others === '' ? undefined : 'other containers run here, which change this computer as a lab does';
  } catch {
    return 'the machines’ image is not in Podman; bulwark lab up makes it';
  }
}

const title = 'a real lab';
const reason = obstacle();
if (reason) notRun(title, reason);
else describe(title, realLab);

function realLab(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-lab-'));
  const before = readHostState();
  const volumes = () => execFileSync('podman', ['volume', 'ls', '--quiet'], { encoding: 'utf8' });
  const volumesBefore = volumes();
  const said: string[] = [];
  const onProgress = ({ detail }: { detail: string }) => said.push(detail);
  const name = 'selftest';
  const request = { name, stateDirectory: join(folder, 'state'), onProgress };
  const nodes = [
    { name: 'cp-1', role: 'control-plane' },
    { name: 'worker-1', role: 'worker' },
  ] as const;
  const up = () => labUp({ ...request, nodes, artifactsDirectory: folder });
  const on = (address: string, command: string) => {
    const { ssh } = lab;
    return execFileSync('ssh', [...sshArguments(ssh, address), command], { encoding: 'utf8' }).trim();
  };
  let lab: Awaited<ReturnType<typeof labUp>>;

  beforeAll(async () => {
    writeFileSync(join(folder, 'index.json'), '{}');
    lab = await up();
  }, 120_000);
  afterAll(async () => {
    await labDown(name);
    rmSync(folder, { recursive: true });
  }, 60_000);

  test('has machines of its own: systemd, host key, machine id and boot id', () => {
    const facts = lab.nodes.map(({ address }) =>
      on(address, 'cat /proc/1/comm /etc/machine-id /proc/sys/kernel/random/boot_id; hostname; id -un').split('\n'),
    );
    for (const [index, [init, , , host, user]] of facts.entries()) {
      expect({ init, host, user }).toEqual({ init: 'systemd', host: nodes[index]?.name, user: 'ops' });
    }
    for (const column of [1, 2]) expect(new Set(facts.map((fact) => fact[column])).size).toBe(2);
    expect(new Set(lab.nodes.map(({ hostKey }) => hostKey)).size).toBe(2);
  });

  test('refuses a host key other than the pinned one', () => {
    const [cp, worker] = lab.nodes;
    const wrong = join(folder, 'wrong_hosts');
    writeFileSync(wrong, `${cp?.address} ${worker?.hostKey}\n`);
    const args = sshArguments({ ...lab.ssh, knownHostsFile: wrong }, cp?.address ?? '');
    expect(() => execFileSync('ssh', [...args, 'true'], { stdio: 'pipe' })).toThrow(/Host key verification failed/);
  });

  test('keeps each machine’s units in that machine’s own cgroups', () => {
    const own = lab.nodes.map(({ address }) => on(address, 'ls /sys/fs/cgroup/systemd /sys/fs/cgroup | grep -c slice'));
    for (const count of own) expect(Number(count)).toBeGreaterThan(0);
    const outside = ['systemd/system.slice', 'systemd/init.scope'].filter((path) =>
      existsSync(`/sys/fs/cgroup/${path}`),
    );
    expect(existsSync('/run/systemd/system') ? [] : outside).toEqual([]);
  });

  test('shows the artifacts and none of this computer’s disks', () => {
    const address = lab.nodes[0]?.address ?? '';
    expect(on(address, 'sudo cat /var/cache/bulwark/artifacts/index.json')).toBe('{}');
    expect(on(address, 'sudo touch /var/cache/bulwark/artifacts/x 2>&1 || true')).toContain('Read-only file system');
    expect(on(address, 'find /dev -type b')).toBe('');
  });

  test('is left alone by a second start', async () => {
    const boots = lab.nodes.map(({ address }) => on(address, 'cat /proc/sys/kernel/random/boot_id'));
    expect(await up()).toEqual(lab);
    expect(lab.nodes.map(({ address }) => on(address, 'cat /proc/sys/kernel/random/boot_id'))).toEqual(boots);
  }, 60_000);

  test('survives a reboot with its files and addresses', async () => {
    const address = lab.nodes[1]?.address ?? '';
    on(address, 'echo kept | sudo tee /etc/kept /var/lib/etcd/kept > /dev/null');
    const boot = on(address, 'cat /proc/sys/kernel/random/boot_id');
    await labReboot(name, 'worker-1');
    expect(on(address, 'cat /etc/kept /var/lib/etcd/kept')).toBe('kept\nkept');
    expect(on(address, 'cat /proc/sys/kernel/random/boot_id')).not.toBe(boot);
    expect((await labStatus(name))?.nodes).toEqual(lab.nodes.map((node) => ({ ...node, state: 'running' })));
  }, 60_000);

  test('says what changes on this computer and puts everything back', async () => {
    // What a machine does when it is hardened: this setting is the kernel's, so it changes here too.
    on(lab.nodes[0]?.address ?? '', 'sudo sysctl -q -w kernel.panic=17');
    expect(readFileSync('/proc/sys/kernel/panic', 'utf8').trim()).toBe('17');
    const changed = hostChanges(before, readHostState()).filter(({ kind }) => kind === 'sysctl');
    expect(changed.map((change) => change.name)).toEqual(expect.arrayContaining(['kernel/panic']));
    for (const { name: sysctl } of changed.filter((change) => change.name !== 'kernel/panic')) {
      expect(said.join('\n')).toContain(sysctl.replaceAll('/', '.'));
    }
    await labDown(name, onProgress);
    expect(hostChanges(before, readHostState()).map(describeChange)).toEqual([]);
    expect(said).toContain(`this computer: restoring kernel.panic: 17 → ${before.sysctls['kernel/panic']}`);
    expect(await labStatus(name)).toBeUndefined();
    expect(existsSync(request.stateDirectory)).toBe(false);
    expect(volumes()).toBe(volumesBefore);
  }, 60_000);
}
