import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { must } from './shell';

/** A lab machine as this computer sees it: a container with processes and files of its own. */
export interface Inside {
  readonly name: string;
  /** Where the machine's root directory is found. */
  readonly root: string;
  readonly pidNamespace: string;
}

/** Looks behind a lab machine. It must be running. */
export async function inside(lab: string, node: string): Promise<Inside> {
  const pid = (await must(['podman', 'inspect', '--format', '{{.State.Pid}}', `bulwark-${lab}-${node}`])).trim();
  return { name: node, root: `/proc/${pid}/root`, pidNamespace: readlinkSync(`/proc/${pid}/ns/pid`) };
}

/** Whether a process runs on the machine whose arguments match. Containers on the machine are not looked into. */
export function runs({ pidNamespace }: Inside, pattern: RegExp): boolean {
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      return pattern.test(argv) && readlinkSync(`/proc/${pid}/ns/pid`) === pidNamespace;
    } catch {
      return false;
    }
  });
}
