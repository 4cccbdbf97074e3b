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
  const podmanIsInUse = (await podman(['ps', '--all', '--quiet'])) !== '';
  if (!podmanIsInUse) await removePodmanTraces(before);
  for (const change of restorable(before, podmanIsInUse)) {
    onProgress({ step: 'host', detail: `this computer: restoring ${describeChange(reversed(change))}` });
    if (change.kind === 'module' && change.after !== undefined) await attempt('modprobe', ['-r', change.name]);
  }
  restoreSysctls(before, podmanIsInUse);
  return hostChanges(before, readHostState());
}

/**
 * What Podman's network changed stays while there is a container, be it somebody else's: without forwarding that
 * container would lose its network. The packet filter and Podman's mounts stay for the same reason.
 */
function restorable(before: HostState, podmanIsInUse: boolean): HostChange[] {
  return hostChanges(before, readHostState()).filter(
    ({ kind, name }) => kind !== 'mount' && !(podmanIsInUse && name.startsWith('net/')),
  );
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
function restoreSysctls(before: HostState, podmanIsInUse: boolean): void {
  for (let pass = 0; pass < 2; pass++) {
    const changes = restorable(before, podmanIsInUse).filter(({ kind }) => kind === 'sysctl');
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
