import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HardeningError, type Issue } from '../lib/errors';
import type { Evidence } from '../lib/evidence';

const sha256 = (file: string): string =>
  existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'nothing';

/**
 * Checks that a directory holds the bundle that evidence speaks of, to the last byte.
 *
 * @throws HardeningError of kind `verify` naming each file that differs
 */
export function checkBundleDigest(directory: string, { bundleSha256 }: Evidence): void {
  const manifest = join(directory, 'manifest.json');
  const issue = (file: string, got: string, allowed: string): Issue => ({
    code: 'BUNDLE_CHANGED',
    file,
    message: 'this is not the file that the evidence speaks of',
    got,
    allowed,
    fix: 'take the bundle of that run, or verify the cluster anew',
  });
  if (bundleSha256 === undefined || sha256(manifest) !== bundleSha256) {
    throw new HardeningError('verify', [issue(manifest, sha256(manifest), bundleSha256 ?? 'no bundle is named')]);
  }
  const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files: Record<string, { sha256: string }> };
  const changed = Object.entries(files)
    .map(([path, { sha256: digest }]) => issue(join(directory, path), sha256(join(directory, path)), digest))
    .filter(({ got, allowed }) => got !== allowed);
  if (changed.length > 0) throw new HardeningError('verify', changed);
}
