import { accessSync, constants } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new directory that only its owner reads, in memory where the system has a place for that: a credential that passes
 * through it never reaches a disk.
 */
export async function privateDirectory(): Promise<string> {
  const candidates = [process.env.XDG_RUNTIME_DIR, '/dev/shm', tmpdir()];
  const parent = candidates.find((path): path is string => path !== undefined && isWritable(path)) ?? tmpdir();
  return mkdtemp(join(parent, 'bulwark-'));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
