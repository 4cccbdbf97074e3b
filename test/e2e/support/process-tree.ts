import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly argv: string;
  readonly environment: string;
}

/**
 * Ends a process and all its descendants with SIGKILL. An SSH connection that Ansible shares has left the tree; it is
 * known by the scratch folder of the run, which its arguments name.
 *
 * @returns how many processes there were
 */
export function killTree(root: number): number {
  const killed = new Set<number>();
  const folders = new Set<string>();
  // Again for what was being started in the meantime.
  for (let left = membersOf(root, folders); left.length > 0; left = membersOf(root, folders)) {
    for (const pid of left) {
      killed.add(pid);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  return killed.size;
}

function membersOf(root: number, folders: Set<string>): number[] {
  const processes = living();
  const members = new Set([root]);
  for (let size = 0; size !== members.size; ) {
    size = members.size;
    for (const { pid, parent } of processes) if (members.has(parent)) members.add(pid);
  }
  for (const { pid, environment } of processes) {
    const folder = /(?:^|\0)ANSIBLE_HOME=([^\0]+)/.exec(environment)?.[1];
    if (members.has(pid) && folder) folders.add(folder);
  }
  const shared = ({ argv }: Process) => [...folders].some((folder) => argv.includes(folder));
  return processes.filter((each) => members.has(each.pid) || shared(each)).map(({ pid }) => pid);
}

function living(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        if (/^State:\s+Z/m.test(status)) return [];
        return {
          pid: Number(pid),
          parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]),
          argv: readFileSync(`/proc/${pid}/cmdline`, 'latin1'),
          environment: readFileSync(`/proc/${pid}/environ`, 'latin1'),
        };
      } catch {
        return [];
      }
    });
}
