import { readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnProgress } from '../apply/artifacts';
import { describeChange, type HostChange, type HostState, hostChanges, readHostState } from './host-state';
import { removeNetavarkRules } from './netavark-rules';
import { attempt, podman } from './podman';

/**
 * Puts this computer back into a recorded state, saying what it changes.
 *
 * @returns what could not be restored.
 */
export async function restoreHost(before: HostState, onProgress: OnProgress): Promise<readonly HostChange[]> {
  // Podman's own traces matter only to Podman: they stay while it has any container, be it somebody else's.
  if ((await podman(['ps', '--all', '--quiet'])) === '') await removePodmanTraces(before);
  for (const change of hostChanges(before, readHostState())) {
    if (change.kind === 'mount') continue;
    onProgress({ step: 'host', detail: `this computer: restoring ${describeChange(reversed(change))}` });
    if (change.kind === 'module' && change.after !== undefined) await attempt('modprobe', ['-r', change.name]);
  }
  restoreSysctls(before);
  return hostChanges(before, readHostState());
}

const reversed = ({ kind, name, before, after }: HostChange): HostChange => ({
  kind,
  name,
  before: after,
  after: before,
});

/**
 * Writing `net.ipv4.ip_forward` sets the forwarding and redirect settings of every interface, so it comes first; the
 * settings of `all` do the same to single interfaces, hence the second pass.
 */
function restoreSysctls(before: HostState): void {
  for (let pass = 0; pass < 2; pass++) {
    const changes = hostChanges(before, readHostState()).filter(({ kind }) => kind === 'sysctl');
    changes.sort((a, b) => Number(b.name.endsWith('/ip_forward')) - Number(a.name.endsWith('/ip_forward')));
    for (const { name, before: value = '' } of changes) {
      try {
        writeFileSync(join('/proc/sys', name), value);
      } catch {
        // What the kernel refuses is reported by the caller's last comparison.
      }
    }
  }
}

async function removePodmanTraces(before: HostState): Promise<void> {
  await removeNetavarkRules();
  const { stdout: graphRoot } = await attempt('podman', ['info', '--format', '{{.Store.GraphRoot}}']);
  const ours = ['/run/netns', graphRoot.trim()];
  for (const { kind, name, after } of hostChanges(before, readHostState())) {
    const [point = ''] = name.split(' ');
    const isOurs = ours.some((folder) => folder !== '' && (point === folder || point.startsWith(`${folder}/`)));
    if (kind === 'mount' && after !== undefined && isOurs) await attempt('umount', [point]);
  }
  removeEmptyCgroups();
}

/** Podman's parent cgroups, which it makes again when it needs them. The kernel refuses to remove one in use. */
function removeEmptyCgroups(): void {
  const root = '/sys/fs/cgroup';
  for (const hierarchy of ['', ...readdirSync(root)]) {
    for (const name of ['libpod_parent/conmon', 'libpod_parent']) {
      try {
        rmdirSync(join(root, hierarchy, name));
      } catch {
        // Not there, or in use.
      }
    }
  }
}
