import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HardeningError } from '../lib/errors';
import { Cache } from './artifacts/cache';
import { withLock } from './artifacts/lock';
import { packageRoot } from './package-root';
import { capture } from './programs';

/** The oldest Python that the pinned ansible-core runs on. */
const oldestPython = [3, 11] as const;

/** What runs playbooks: a virtual environment below the cache directory, made from pinned packages. */
export interface AnsibleEnvironment {
  /** The environment's `ansible-playbook`. */
  readonly playbook: string;
  /** Where compiled Python may be kept, so that the package's own folder stays as it is. */
  readonly pycache: string;
}

/**
 * Makes the virtual environment, or finds the one that is already there.
 *
 * @param onProgress gets a line when something takes long
 * @throws HardeningError of kind `prerequisite` where Python is missing or too old, or a package cannot be installed
 */
export async function ensureAnsible(
  onProgress: (text: string) => void,
  cacheDirectory?: string,
): Promise<AnsibleEnvironment> {
  const requirements = join(packageRoot(), 'ansible', 'requirements.txt');
  const content = await readFile(requirements, 'utf8');
  const version = /^ansible-core==(\S+)/m.exec(content)?.[1] ?? 'unknown';
  const python = await findPython();
  const directory = join(new Cache(cacheDirectory).directory, 'ansible', version);
  const stamp = createHash('sha256').update(content).update(python.version).digest('hex');
  const stampFile = join(directory, 'complete');
  const isComplete = async () => (await readFile(stampFile, 'utf8').catch(() => '')) === stamp;

  if (!(await isComplete())) {
    const install = async () => {
      // Another process may have finished while this one waited.
      if (await isComplete()) return;
      onProgress(`installing ansible-core ${version} (about 15 s, once)`);
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true });
      await prerequisite(python.program, ['-m', 'venv', join(directory, 'venv')]);
      await prerequisite(join(directory, 'venv', 'bin', 'python'), [
        ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'],
        ...['--require-hashes', '--only-binary', ':all:', '--requirement', requirements],
      ]);
      await writeFile(stampFile, stamp);
    };
    await withLock(`${directory}.lock`, install, (pid) =>
      onProgress(`waiting for process ${pid}, which installs ansible`),
    );
  }
  return { playbook: join(directory, 'venv', 'bin', 'ansible-playbook'), pycache: join(directory, 'pycache') };
}

async function prerequisite(program: string, args: readonly string[]): Promise<void> {
  const { status, output } = await capture(program, args);
  if (status === 0) return;
  throw new HardeningError('prerequisite', [
    {
      code: 'ANSIBLE_INSTALL_FAILED',
      message: `ansible-core could not be installed: ${output.trim().split('\n').slice(-5).join(' | ')}`,
      fix: 'on Debian install python3-venv, and see that the Python package index is reachable',
    },
  ]);
}

async function findPython(): Promise<{ readonly program: string; readonly version: string }> {
  const print = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
  const seen: string[] = [];
  for (const program of ['python3', 'python3.13', 'python3.12', 'python3.11']) {
    const { status, output } = await capture(program, ['-c', print]);
    if (status !== 0) continue;
    const version = output.trim();
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === oldestPython[0] && minor >= oldestPython[1]) return { program, version };
    seen.push(`${program} ${version}`);
  }
  throw new HardeningError('prerequisite', [
    {
      code: 'PYTHON_MISSING',
      message: 'no usable Python on this computer',
      got: seen.join(', ') || 'none',
      allowed: `Python ${oldestPython.join('.')} or newer`,
      fix: 'on Debian: apt-get install python3 python3-venv',
    },
  ]);
}
