/**
 * Runs `npm ci` when node_modules is missing or older than the lock file, so that `npm start` and `npm test` work as
 * the first thing typed in a fresh clone. Uses nothing but Node, because nothing else is there yet.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.bulwark-lock.sha256`;

const lockDigest = () =>
  createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');

/** Installs the npm packages of the lock file unless they are there already. Ends the process when npm fails. */
export function ensureInstalled() {
  const digest = lockDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.log('Installing npm packages (npm ci, about 15 seconds) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error('npm ci failed: npm needs to reach its registry. Nothing else was tried.');
    process.exit(1);
  }
  writeFileSync(stamp, digest);
}
