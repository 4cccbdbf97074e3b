import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnProgress } from '../apply/artifacts';

/** A limit of this computer that its machines share and that must be at least `atLeast`. */
export interface HostNeed {
  /** Name below /proc/sys. */
  readonly sysctl: string;
  readonly atLeast: number;
  readonly why: string;
}

/** Limits that are per user of this computer, and all machines' root is the same user. */
export const hostNeeds: readonly HostNeed[] = [
  {
    sysctl: 'fs/inotify/max_user_instances',
    atLeast: 1024,
    why: 'systemd, containerd, the kubelet and the pods of every machine watch files as one user',
  },
  {
    sysctl: 'fs/inotify/max_user_watches',
    atLeast: 131072,
    why: 'systemd, containerd, the kubelet and the pods of every machine watch files as one user',
  },
];

/** Raises the limits that are too low, saying so. The host record must have been written before. */
export function raiseLimits(onProgress: OnProgress): void {
  for (const { sysctl, atLeast, why } of hostNeeds) {
    const path = join('/proc/sys', sysctl);
    const now = Number(readFileSync(path, 'utf8'));
    if (now >= atLeast) continue;
    const name = sysctl.replaceAll('/', '.');
    onProgress({ step: 'host', detail: `this computer: ${name}: ${now} → ${atLeast} until lab down (${why})` });
    writeFileSync(path, `${atLeast}`);
  }
}
