import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { HardeningError } from '../../lib/errors';
import type { Bundle } from './assemble';

/**
 * Makes a directory equal to a bundle: files that are not part of it are removed. Only an empty directory or one that
 * holds a bundle is touched.
 *
 * @throws HardeningError of kind `usage` where the directory holds something else
 */
export function writeBundle(bundle: Bundle, directory: string): void {
  const present = filesBelow(directory);
  if (present.length > 0 && !present.includes('manifest.json')) {
    throw new HardeningError('usage', [
      {
        code: 'BUNDLE_FOREIGN_DIRECTORY',
        file: directory,
        message: 'the directory is not empty and holds no bundle',
        fix: 'give another directory, or remove its content',
      },
    ]);
  }
  for (const path of present) if (!bundle.has(path)) rmSync(join(directory, path));
  // A node that left the spec leaves no folder, which would still look like one of the bundle's nodes.
  for (const folder of foldersBelow(directory)) if (readdirSync(folder).length === 0) rmdirSync(folder);
  for (const [path, content] of bundle) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    if (!present.includes(path) || readFileSync(target, 'utf8') !== content) writeFileSync(target, content);
  }
}

/**
 * Compares a directory with the bundle that it should hold.
 *
 * @returns a unified diff, empty where the directory is up to date. The manifest's digests follow from the other files
 *   and are compared, but shown only where nothing else differs.
 */
export function checkBundle(bundle: Bundle, directory: string): string {
  const paths = [...new Set([...filesBelow(directory), ...bundle.keys()])].sort();
  const patches = paths.flatMap((path) => {
    const target = join(directory, path);
    const before = existsSync(target) ? readFileSync(target, 'utf8') : '';
    const after = bundle.get(path) ?? '';
    if (before === after && bundle.has(path)) return [];
    const patch = createTwoFilesPatch(
      existsSync(target) ? `a/${path}` : '/dev/null',
      bundle.has(path) ? `b/${path}` : '/dev/null',
      before,
      after,
    );
    return [{ path, patch: patch.replace(/^=+\n/, '') }];
  });
  const shown = patches.filter(({ path }) => path !== 'manifest.json');
  return (shown.length > 0 ? shown : patches).map(({ patch }) => patch).join('');
}

/** Absolute paths of all folders below a directory, the deepest first. */
function foldersBelow(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => b.length - a.length);
}

/** Relative paths of all files below a directory, with `/` between their parts. */
function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
