import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** What this computer's kernel offers to the machines of a lab, which have no other kernel. */
export interface LabHost {
  readonly cgroupVersion: 1 | 2;
  /** Whether root may lower out-of-memory scores (CAP_SYS_RESOURCE). */
  readonly lowersOomScores: boolean;
  /** Whether swap is in use, which every machine sees too. */
  readonly swap: boolean;
  readonly appArmor: boolean;
  readonly wireGuard: boolean;
}

/** Number of CAP_SYS_RESOURCE in the kernel's sets of capabilities. */
const sysResource = 24n;

/** Reads the features from the running kernel. */
export function readLabHost(): LabHost {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const appArmor = '/sys/module/apparmor/parameters/enabled';
  return {
    cgroupVersion: existsSync('/sys/fs/cgroup/cgroup.controllers') ? 2 : 1,
    lowersOomScores: ((BigInt(`0x${bounding}`) >> sysResource) & 1n) === 1n,
    // A heading, then a line for each.
    swap: readFileSync('/proc/swaps', 'utf8').trim().split('\n').length > 1,
    appArmor: existsSync(appArmor) && readFileSync(appArmor, 'utf8').startsWith('Y'),
    wireGuard: existsSync('/sys/module/wireguard') || spawnSync('modprobe', ['--dry-run', 'wireguard']).status === 0,
  };
}
