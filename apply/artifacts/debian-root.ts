import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compilerFor, ownArchitecture } from './architecture';
import type { BuildContext } from './build-context';
import { runningPrograms } from './emulation';
import type { DebianRoot } from './recipe';
import { run } from './run';

/** The Debian release that image roots are made of. It has the clang that Cilium's data path is tried with. */
const suite = 'bookworm';

/** Documentation that dpkg does not unpack. */
const unwanted = ['doc', 'info', 'locale', 'man'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`);

/** Traces of this machine and of the installation, which would make two builds of the same packages differ. */
const traces = ['etc/hostname', 'etc/resolv.conf', 'var/cache', 'var/log', 'var/lib/apt'];

/** Makes a Debian root from packages whose signatures apt checks. Needs root. */
export async function makeDebianRoot(root: string, debian: DebianRoot, context: BuildContext): Promise<void> {
  await mmdebstrap(debian.unpackedOnly ? 'extract' : 'essential', debian.packages, root, context);
  if (debian.purge) {
    // Recipes name Debian's packages as they are on amd64.
    const own = compilerFor(context.arch).tuple.replace('_', '-');
    const purge = debian.purge.map((name) => name.replace('x86-64-linux-gnu', own));
    const words = ['chroot', root, 'dpkg', '--purge', '--force-depends', ...purge];
    const [program, ...args] = await runningPrograms(context.arch, words);
    await run(program, args, { onLine: context.onDetail });
  }
  for (const path of traces) await rm(join(root, path), { recursive: true, force: true });
  for (const device of await readdir(join(root, 'dev'))) await rm(join(root, 'dev', device), { recursive: true });
}

/** Unpacks Debian packages and their dependencies without installing them; apt checks the signatures. Needs root. */
export async function extractPackages(root: string, packages: readonly string[], context: BuildContext): Promise<void> {
  await mmdebstrap('extract', packages, root, context);
}

async function mmdebstrap(
  variant: 'essential' | 'extract',
  packages: readonly string[],
  root: string,
  context: BuildContext,
): Promise<void> {
  const content = [`--variant=${variant}`, `--architectures=${context.arch}`, `--include=${packages.join(',')}`];
  // Whether programs of the architecture run is known by now, without a package that tests it.
  const words = ['mmdebstrap', '--mode=root', '--skip=check/qemu', ...content, ...unwanted, suite, root];
  // It mounts this machine's /dev, /proc and /sys into the root; left over, they would be emptied by whoever removes it.
  // What is only unpacked runs nothing of its own architecture.
  const [program, ...args] = await runningPrograms(variant === 'extract' ? ownArchitecture() : context.arch, words);
  // Accounts get the date of their creation.
  const env = { ...process.env, SOURCE_DATE_EPOCH: '0' };
  await run(program, args, { env, onLine: context.onDetail });
}
