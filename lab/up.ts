import { resolve } from 'node:path';
import type { OnProgress } from '../apply/artifacts';
import { HardeningError } from '../lib/errors';
import { diskWarning, readDiskSpace } from './disk-space';
import { raiseLimits } from './host-needs';
import { recordHostState, withHostLock } from './host-record';
import { describeChange, type HostState, hostChanges, readHostState } from './host-state';
import { authorize, type Container, ensureMachines, readHostKey } from './machines';
import { ensureNetwork } from './network';
import { ensureNodeImage } from './node-image';
import { nodeRoot } from './node-root';
import { checkPrerequisites } from './prerequisites';
import { ensureIdentity, pinHostKeys, proveLogin, sshFiles } from './ssh';
import type { LabMachine, LabMachines, LabRequest } from './types';
import { waitUntil } from './wait';

const silent: OnProgress = () => undefined;

/**
 * Starts the machines of a lab and proves a login on each. A second call leaves machines that run alone, starts
 * those that are stopped and makes those that are missing.
 *
 * @throws HardeningError of kind `prerequisite`, `usage`, `artifact`, `apply` or `unreachable`; what was started until
 *   then stays, for `labUp` to go on with or `labDown` to remove.
 */
export async function labUp(request: LabRequest): Promise<LabMachines> {
  checkRequest(request);
  checkPrerequisites();
  const { name, onProgress = silent } = request;
  const warning = diskWarning(await readDiskSpace());
  if (warning !== undefined) onProgress({ step: 'host', detail: warning });
  const image = await ensureNodeImage(nodeRoot, request.cacheDirectory, onProgress);

  const { network, containers, before } = await withHostLock(async () => {
    recordHostState();
    raiseLimits(onProgress);
    const before = readHostState();
    const network = await ensureNetwork(name, resolve(request.stateDirectory));
    onProgress({ step: 'machines', detail: `starting ${request.nodes.length} machines on ${network.subnet}` });
    const containers = await ensureMachines(request, network, image);
    return { network, containers, before };
  }, onProgress);

  const { stateDirectory, subnet, gateway } = network;
  const publicKey = await ensureIdentity(stateDirectory);
  const nodes = await Promise.all(containers.map((container) => adopt(container, publicKey)));
  await pinHostKeys(stateDirectory, nodes);
  const ssh = sshFiles(stateDirectory);
  onProgress({ step: 'machines', detail: 'logging in with the pinned host keys' });
  await Promise.all(nodes.map((node) => proveLogin(ssh, node)));
  // Only now: a machine's systemd raises limits of the kernel while it starts.
  announce(before, onProgress);
  return { name, network: { name: network.name, subnet, gateway }, ssh, nodes };
}

function announce(before: HostState, onProgress: OnProgress): void {
  const report = (detail: string) => onProgress({ step: 'host', detail });
  const changes = hostChanges(before, readHostState()).filter(({ kind }) => kind !== 'mount');
  for (const change of changes) report(`this computer: ${describeChange(change)} until lab down`);
  report('this computer: kernel settings that a machine makes outside of its network act here too, until lab down');
}

/** Gives a machine the lab's key and takes its host key, both through Podman and not over the network. */
async function adopt({ name, role, address, container }: Container, publicKey: string): Promise<LabMachine> {
  let hostKey = '';
  const started = await waitUntil(async () => {
    hostKey = await readHostKey(container);
    return hostKey !== '';
  });
  if (!started) {
    throw new HardeningError('unreachable', [
      {
        code: 'LAB_MACHINE_NOT_STARTED',
        path: name,
        message: `the machine has made no host key`,
        fix: `podman logs ${container}`,
      },
    ]);
  }
  await authorize(container, publicKey);
  return { name, role, address, hostKey };
}

function checkRequest({ name, nodes }: LabRequest): void {
  const label = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
  const names = nodes.map((node) => node.name);
  const issues = [
    ...[name, ...names]
      .filter((each) => !label.test(each))
      .map((each) => ({
        code: 'LAB_BAD_NAME',
        message: 'a lab and a machine need a name that can be a host name',
        got: JSON.stringify(each),
        allowed: 'up to 32 of a-z, 0-9 and - (not first or last)',
      })),
    ...names
      .filter((each, index) => names.indexOf(each) !== index)
      .map((each) => ({ code: 'LAB_SAME_NAME', message: 'two machines have one name', got: each })),
  ];
  if (nodes.length === 0 || nodes.length > 200) {
    issues.push({ code: 'LAB_MACHINE_COUNT', message: 'a lab has 1 to 200 machines', got: `${nodes.length}` });
  }
  if (issues.length > 0) throw new HardeningError('usage', issues);
}
