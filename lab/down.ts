import { readdir, rm, rmdir } from 'node:fs/promises';
import type { OnProgress } from '../apply/artifacts';
import { forgetHostState, recordedHostState, withHostLock } from './host-record';
import { restoreHost } from './host-restore';
import { describeChange } from './host-state';
import { labContainers } from './machines';
import { labNetworks } from './network';
import { podman } from './podman';
import { checkPrerequisites } from './prerequisites';
import { machinesFolder } from './ssh';

/**
 * Removes a lab: machines with their disks, network and keys. After the last lab of this computer its kernel settings,
 * modules and mounts are what they were before the first. A lab that does not exist is no error.
 *
 * @param onProgress @default silent
 */
export async function labDown(name: string, onProgress: OnProgress = () => undefined): Promise<void> {
  checkPrerequisites();
  await withHostLock(async () => {
    const containers = (await labContainers(name)).map(({ container }) => container);
    if (containers.length > 0) {
      onProgress({ step: 'machines', detail: `removing ${containers.length} machines` });
      await podman(['rm', '--force', '--volumes', '--time=0', ...containers]);
    }
    const network = (await labNetworks()).get(name);
    if (network) {
      await podman(['network', 'rm', network.name]);
      await removeState(network.stateDirectory);
    }
    if ((await labNetworks()).size === 0) await restore(onProgress);
  }, onProgress);
}

/** The state directory itself goes only if nothing else is kept there. */
async function removeState(stateDirectory: string): Promise<void> {
  await rm(machinesFolder(stateDirectory), { recursive: true, force: true });
  const rest = await readdir(stateDirectory).catch(() => ['missing']);
  if (rest.length === 0) await rmdir(stateDirectory);
}

async function restore(onProgress: OnProgress): Promise<void> {
  const before = recordedHostState();
  if (!before) return;
  for (const change of await restoreHost(before, onProgress)) {
    onProgress({ step: 'host', detail: `this computer: not restored: ${describeChange(change)}` });
  }
  forgetHostState();
}
