import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildContext } from './programs';
import { run } from './run';

/** The Debian release that image roots are made of: the one whose clang and LLVM Cilium's data path is tried with. */
const suite = 'bookworm';

/** What a package manager leaves behind and a container never reads. */
const leftovers = [
  'var/cache/apt',
  'var/lib/apt/lists',
  'var/log',
  'usr/share/doc',
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
];

/** Makes a minimal Debian root from signed packages. Needs root. */
export async function makeDebianRoot(root: string, packages: readonly string[], context: BuildContext): Promise<void> {
  const args = ['--variant=minbase', `--arch=${context.arch}`, `--include=${packages.join(',')}`, suite, root];
  await run('debootstrap', args, { onLine: context.onDetail });
  for (const path of leftovers) await rm(join(root, path), { recursive: true, force: true });
}
