import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import manifest from '../../package.json';
import { consumerLock } from './consumer-lock';

const root = join(__dirname, '../..');

/**
 * Compiles and packs this package as `npm publish` would, without touching `build/`, which may be in use.
 *
 * @param folder for the tarball and a copy of the sources
 * @returns path of the tarball
 */
export function packPackage(folder: string): string {
  const source = join(folder, 'source');
  const packed = manifest.files.filter((name) => !name.startsWith('!') && name !== 'build');
  for (const name of ['package.json', 'README.md', 'LICENSE', ...packed]) {
    cpSync(join(root, name), join(source, name), { recursive: true });
  }
  const compile = ['-p', 'tsconfig.build.json', '--outDir', join(source, 'build')];
  execFileSync(join(root, 'node_modules/.bin/tsc'), compile, { cwd: root });
  execFileSync(process.execPath, [join(root, 'scripts/build-judge.mjs'), join(source, 'build/node/judge.js')]);
  execFileSync(process.execPath, [join(root, 'scripts/bundle-provider.mjs'), join(source, 'build')]);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: source, stdio: 'pipe' });
  const [tarball] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  return join(folder, tarball ?? '');
}

/**
 * Packs what `packPackage` compiled once more, as another release.
 *
 * @param folder that `packPackage` was given
 * @returns path of the tarball
 */
export function packAs(folder: string, version: string): string {
  const source = join(folder, 'source');
  writeFileSync(join(source, 'package.json'), JSON.stringify({ ...manifest, version }));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: source, stdio: 'pipe' });
  return join(folder, `bulwark-${version}.tgz`);
}

/**
 * Installs the tarball and some packages at the versions of ours in an empty folder. Tests reach no registry:
 * everything is in npm's cache since `npm ci`.
 *
 * @returns what npm complained of, or undefined where its cache lacks a dependency
 */
export function installPackage(app: string, tarball: string, names: readonly string[]): string | undefined {
  mkdirSync(app, { recursive: true });
  const consumer = consumerLock(relative(app, tarball), manifest, names);
  writeFileSync(join(app, 'package.json'), JSON.stringify(consumer.manifest));
  writeFileSync(join(app, 'package-lock.json'), JSON.stringify(consumer.lock));
  const { stderr } = spawnSync('npm', ['ci', '--offline', '--no-audit', '--no-fund'], { cwd: app, encoding: 'utf8' });
  return /ENOTCACHED/.test(stderr) ? undefined : stderr.replace(/^npm warn.*\n/gm, '');
}
