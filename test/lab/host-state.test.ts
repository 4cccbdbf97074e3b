import { statSync } from 'node:fs';
import { describeChange, type HostState, hostChanges, readHostState } from '../../lab/host-state';

const state = (changes: Partial<HostState>): HostState => ({ sysctls: {}, modules: [], mounts: [], ...changes });

describe('the difference between two states of the computer', () => {
  test('names each changed setting, module and mount', () => {
    const before = state({
      sysctls: { 'kernel/panic': '0', 'vm/swappiness': '60' },
      modules: ['ext4'],
      mounts: ['/ / a'],
    });
    const after = state({ sysctls: { 'kernel/panic': '10', 'vm/swappiness': '60' }, modules: ['vxlan', 'ext4'] });
    expect(hostChanges(before, after).map(describeChange)).toEqual([
      'kernel.panic: 0 → 10',
      'module vxlan: absent → present',
      'mount / / a: present → absent',
    ]);
  });

  test('leaves out settings that came or went with an interface', () => {
    const before = state({ sysctls: { 'net/ipv4/conf/veth0/forwarding': '0' } });
    const after = state({ sysctls: { 'net/ipv4/conf/podman1/forwarding': '1' } });
    expect(hostChanges(before, after)).toEqual([]);
  });
});

describe('the state of this computer', () => {
  const { sysctls, mounts } = readHostState();

  test('has the settings that a lab changes, without a newline', () => {
    expect(sysctls['net/ipv4/ip_forward']).toMatch(/^[01]$/);
    expect(sysctls['kernel/panic']).toMatch(/^-?\d+$/);
    expect(mounts.some((mount) => mount.startsWith('/proc / proc'))).toBe(true);
  });

  test('has nothing that cannot be restored, moves by itself or is secret', () => {
    for (const name of Object.keys(sysctls)) expect(statSync(`/proc/sys/${name}`).mode & 0o200).not.toBe(0);
    const names = Object.keys(sysctls).filter((name) => /ns_last_pid|fastopen_key|stable_secret/.test(name));
    expect(names).toEqual([]);
  });
});
