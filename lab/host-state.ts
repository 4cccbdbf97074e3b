import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What this computer's kernel is set to and has, beyond any one machine. */
export interface HostState {
  /** Value by name below /proc/sys, for example `net/ipv4/ip_forward`. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Loaded modules, newest first as the kernel lists them. Empty where the kernel has no modules. */
  readonly modules: readonly string[];
  /** `mount point  root  file-system type`, sorted. */
  readonly mounts: readonly string[];
}

/** One difference between two states. `before` or `after` is missing where the thing was not there. */
export interface HostChange {
  readonly kind: 'sysctl' | 'module' | 'mount';
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

const sysctlRoot = '/proc/sys';

/**
 * Left out: a counter that moves by itself; second names of what `fs/inotify` holds; secrets (they must not lie in a
 * file of ours); another file system.
 */
const skipped =
  /^(kernel\/ns_last_pid|user\/max_inotify_\w+|.*\/(tcp_fastopen_key|stable_secret)|fs\/binfmt_misc\/.*)$/;

/** Reads the state of this computer. */
export function readHostState(): HostState {
  const sysctls: Record<string, string> = {};
  for (const name of settableSysctls('')) {
    try {
      sysctls[name] = readFileSync(join(sysctlRoot, name), 'utf8').trim();
    } catch {
      // Some can be written only, and some vanish with their network interface.
    }
  }
  return { sysctls, modules: readModules(), mounts: readMounts() };
}

function settableSysctls(folder: string): string[] {
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(join(sysctlRoot, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) return settableSysctls(name);
    const mode = statSync(join(sysctlRoot, name), { throwIfNoEntry: false })?.mode ?? 0;
    return (mode & 0o200) !== 0 && !skipped.test(name) ? [name] : [];
  });
}

function readModules(): string[] {
  try {
    const lines = readFileSync('/proc/modules', 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => line.split(' ')[0] ?? '');
  } catch {
    return [];
  }
}

function readMounts(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => {
      const [fields = '', source = ''] = line.split(' - ');
      const [, , , root = '', point = ''] = fields.split(' ');
      return `${point} ${root} ${source.split(' ')[0]}`;
    })
    .sort();
}

/**
 * What differs. A sysctl counts only where both states have it: those of a network interface or a module come and go
 * with it.
 */
export function hostChanges(before: HostState, after: HostState): HostChange[] {
  const sysctls = Object.entries(before.sysctls).flatMap(([name, value]): HostChange[] => {
    const now = after.sysctls[name];
    return now === undefined || now === value ? [] : [{ kind: 'sysctl', name, before: value, after: now }];
  });
  return [
    ...sysctls,
    ...listChanges('module', before.modules, after.modules),
    ...listChanges('mount', before.mounts, after.mounts),
  ];
}

function listChanges(kind: 'module' | 'mount', before: readonly string[], after: readonly string[]): HostChange[] {
  const added = after.filter((name) => !before.includes(name)).map((name) => ({ kind, name, after: 'present' }));
  const removed = before.filter((name) => !after.includes(name)).map((name) => ({ kind, name, before: 'present' }));
  return [...added, ...removed];
}

/** `net.ipv4.ip_forward: 0 → 1` */
export function describeChange({ kind, name, before = 'absent', after = 'absent' }: HostChange): string {
  const label = kind === 'sysctl' ? name.replaceAll('/', '.') : `${kind} ${name}`;
  return `${label}: ${before} → ${after}`;
}
