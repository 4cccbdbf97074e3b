import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HardeningError, type Issue } from '../lib/errors';

/** A program that the lab runs on this computer, and the Debian package that brings it. */
export interface Prerequisite {
  readonly program: string;
  readonly package: string;
}

/** Everything that the lab runs on this computer. */
export const prerequisites: readonly Prerequisite[] = [
  { program: 'podman', package: 'podman' },
  { program: 'runc', package: 'runc' },
  { program: 'mmdebstrap', package: 'mmdebstrap' },
  { program: 'ip', package: 'iproute2' },
  { program: 'iptables', package: 'iptables' },
  { program: 'ssh', package: 'openssh-client' },
  { program: 'ssh-keygen', package: 'openssh-client' },
  { program: 'flock', package: 'util-linux' },
];

/** What `checkPrerequisites` looks at. */
export interface Surroundings {
  readonly uid: number;
  readonly platform: string;
  readonly path: string;
}

/**
 * Checks that this computer can run a lab.
 *
 * @param surroundings @default those of this process
 * @throws HardeningError of kind `prerequisite` that lists everything that is missing.
 */
export function checkPrerequisites(
  surroundings: Surroundings = {
    uid: process.getuid?.() ?? -1,
    platform: process.platform,
    path: process.env.PATH ?? '',
  },
): void {
  const issues: Issue[] = [];
  if (surroundings.platform !== 'linux') {
    issues.push({
      code: 'LAB_NEEDS_LINUX',
      message: 'the lab shares this computer’s kernel with its machines',
      got: surroundings.platform,
      allowed: 'linux',
      fix: 'run the lab on Linux, or point the spec at real machines',
    });
  }
  if (surroundings.uid !== 0) {
    issues.push({
      code: 'LAB_NEEDS_ROOT',
      message: 'a machine with its own systemd, kubelet and mounts needs root on this computer',
      got: `uid ${surroundings.uid}`,
      fix: 'run the command as root',
    });
  }
  for (const { program, package: name } of prerequisites) {
    if (isOnPath(program, surroundings.path)) continue;
    issues.push({
      code: 'LAB_PROGRAM_MISSING',
      message: `${program} is not on the PATH${program === 'podman' ? ' (the lab does not run on Docker)' : ''}`,
      fix: `apt-get install ${name}, with /usr/sbin on the PATH`,
    });
  }
  if (issues.length > 0) throw new HardeningError('prerequisite', issues);
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    if (folder === '') return false;
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
