import { cp, open, rename } from 'node:fs/promises';
import { run } from './run';

/** Writes a file so that a reader sees the old or the new content, and a crash leaves no half-written one. */
export async function writeFileAtomically(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}

/** Moves a finished file to its place on the same file system, its bytes on the disk first. */
export async function finishFile(temporary: string, path: string): Promise<void> {
  const handle = await open(temporary, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}

/**
 * Copies a folder, leaving out the paths in `except`. What everyone may read stays so, and the owner may write: files of
 * Go's module cache are read-only.
 */
export async function copyTree(from: string, to: string, except: readonly string[]): Promise<void> {
  await cp(from, to, { recursive: true, filter: (file) => !except.includes(file) });
  await run('chmod', ['--recursive', 'u=rwX,go=rX', to]);
}
