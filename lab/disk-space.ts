import { statfs } from 'node:fs/promises';
import { podman } from './podman';

/** The kubelet's default `imageGCHighThresholdPercent` is 85. */
const leastFreePercent = 15;

/** Size of a file system, in bytes. */
export interface DiskSpace {
  readonly total: number;
  /** What is left for programs without privileges, as the kubelet counts it. */
  readonly available: number;
}

/** The disk that the machines share: where Podman keeps their volumes. */
export async function readDiskSpace(): Promise<DiskSpace> {
  const path = (await podman(['info', '--format', '{{.Store.VolumePath}}'])).trim();
  const { blocks, bavail, bsize } = await statfs(path);
  return { total: blocks * bsize, available: bavail * bsize };
}

/** What to know about a disk on which a kubelet would delete images that no container uses. @returns undefined: nothing */
export function diskWarning({ total, available }: DiskSpace): string | undefined {
  const percent = (available / total) * 100;
  if (percent >= leastFreePercent) return undefined;
  const free = `${percent.toFixed(1)} % (${(available / 2 ** 30).toFixed(1)} GiB)`;
  return `warning: only ${free} of this computer's disk is free; below ${leastFreePercent} % a kubelet deletes images that no container uses`;
}
