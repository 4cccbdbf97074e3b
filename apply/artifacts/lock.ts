import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HardeningError } from '../../lib/errors';

/** Exit code that `flock` is told to use when another process has the lock. */
const conflict = 75;

/**
 * Runs `work` while holding a lock file, so that two builds never write the same directory.
 *
 * The lock is the kernel's (flock): it ends with its holder, however that dies, so there is no stale lock to judge.
 * The child that holds it ends when our end of its pipe closes. The file names the holder, for people.
 *
 * @param onWait called once, with the holder's process id as the file has it, when another process has the lock
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: (pid: string) => void): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  let holder = await acquire(file, ['--nonblock']);
  if (!holder) {
    onWait((await readFile(file, 'utf8').catch(() => '')).trim() || 'unknown');
    holder = await acquire(file, []);
  }
  if (!holder) throw new HardeningError('internal', [{ code: 'LOCK_FAILED', file, message: 'cannot be locked' }]);
  try {
    await writeFile(file, `${process.pid}\n`);
    return await work();
  } finally {
    holder.stdin?.end();
  }
}

/** The child that holds the lock, or `undefined` if another process has it. */
function acquire(file: string, options: readonly string[]): Promise<ChildProcess | undefined> {
  return new Promise((resolve, reject) => {
    // Its own process group: Ctrl-C must not take the lock away from work that is still finishing.
    const child = spawn('flock', ['--conflict-exit-code', `${conflict}`, ...options, file, 'cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === conflict) resolve(undefined);
      else if (code !== 0) {
        reject(new HardeningError('internal', [{ code: 'LOCK_FAILED', file, message: `flock ended with ${code}` }]));
      }
    });
    // `cat` answers only once the lock is ours.
    child.stdout.once('data', () => resolve(child));
    child.stdin.on('error', () => undefined);
    child.stdin.write('locked\n');
  });
}
