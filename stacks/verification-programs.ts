import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../apply/package-root';
import type { VerificationPrograms } from '../kubeadm';

/** Name that the collection's modules import each other by, and its folder in this package. */
const modules = 'ansible_collections.bulwark.cluster.plugins.module_utils';
const folder = 'ansible/plugins/module_utils';

/** The programs of the scheduled verification: the collector with the modules that it needs, and the judge. */
export function verificationPrograms(): VerificationPrograms {
  const collector = text('ansible/files/observe.py');
  return { collector, modules: modulesOf(collector), judge: judge() };
}

const text = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8');

/** The judge as `npm run build` made it; where this program runs as source, made from the source. */
function judge(): string {
  const script = join(packageRoot(), 'scripts/build-judge.mjs');
  if (!__filename.endsWith('.ts')) return text('build/node/judge.js');
  return execFileSync(process.execPath, [script], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
}

/** Modules that a Python program imports, and those that they import, by path below the program's own folder. */
function modulesOf(program: string, found = new Map<string, string>()): ReadonlyMap<string, string> {
  for (const [, below = '', names = ''] of program.matchAll(
    new RegExp(`^from ${modules.replaceAll('.', '\\.')}(\\S*) import (.+)$`, 'gm'),
  )) {
    const from = below.slice(1).replaceAll('.', '/');
    const imported = names.split(',').map((name) => join(from, name.trim().split(' ')[0] ?? ''));
    // A name is a module, or something that the module it comes from defines.
    for (const path of [from, ...imported].map((module) => `${module}.py`)) {
      if (found.has(place(path)) || !existsSync(join(packageRoot(), folder, path))) continue;
      const content = text(join(folder, path));
      found.set(place(path), content);
      modulesOf(content, found);
    }
  }
  return found;
}

const place = (path: string): string => join(modules.replaceAll('.', '/'), path);
