import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OnProgress } from '../apply/artifacts';
import { Cache, keyOf } from '../apply/artifacts/cache';
import { withLock } from '../apply/artifacts/lock';
import { run } from '../apply/artifacts/run';
import type { NodeRoot } from './node-root';
import { attempt, podman } from './podman';

const repository = 'localhost/bulwark-lab-node';

/** Measured on two busy cores. */
const expectedSeconds = 55;

/** Documentation that nobody reads on a throw-away machine. */
const unwanted = ['doc', 'info', 'locale', 'man'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`);

/** The image's name; its tag changes with any part of the declaration. */
export function nodeImageName(root: NodeRoot): string {
  return `${repository}:${keyOf([JSON.stringify(root)])}`;
}

/**
 * Makes the machines' image from Debian's packages, unless Podman has it, and returns its name. Images of earlier
 * declarations that no machine uses are removed.
 *
 * @throws HardeningError of kind `artifact` when a package cannot be had or apt does not trust it.
 */
export async function ensureNodeImage(
  root: NodeRoot,
  cacheDirectory: string | undefined,
  onProgress: OnProgress,
): Promise<string> {
  const image = nodeImageName(root);
  const folder = join(new Cache(cacheDirectory).directory, 'lab');
  await mkdir(folder, { recursive: true });
  await withLock(
    join(folder, 'lock'),
    async () => {
      if ((await attempt('podman', ['image', 'exists', image])).code === 0) return;
      const scratch = await mkdtemp(join(folder, 'image-'));
      try {
        await build(root, image, scratch, onProgress);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
      await removeOtherImages(image);
    },
    (pid) => onProgress({ step: 'image', detail: `waiting for process ${pid}, which makes the machines’ image` }),
  );
  return image;
}

async function build(root: NodeRoot, image: string, scratch: string, onProgress: OnProgress): Promise<void> {
  const report = (detail: string) => onProgress({ step: 'image', detail, expectedSeconds });
  report(`making a Debian ${root.suite} root from ${root.packages.length} packages and what they need`);
  const files = join(scratch, 'files');
  for (const { path, mode, content } of root.files) {
    await mkdir(dirname(join(files, path)), { recursive: true });
    await writeFile(join(files, path), content);
    await chmod(join(files, path), Number.parseInt(mode, 8));
  }
  const finish = join(scratch, 'finish');
  await writeFile(finish, `#!/bin/sh\n${root.finish}`);
  await chmod(finish, 0o755);
  const tree = join(scratch, 'files.tar');
  await run('tar', ['-C', files, '--owner=0', '--group=0', '--no-recursion', '-cf', tree, ...paths(root)]);
  const archive = join(scratch, 'root.tar');
  const hooks = [`--customize-hook=tar-in ${tree} /`, `--customize-hook=${finish}`];
  await run(
    'mmdebstrap',
    [
      '--mode=root',
      '--variant=minbase',
      `--include=${root.packages.join(',')}`,
      ...unwanted,
      ...hooks,
      root.suite,
      archive,
    ],
    { env: { ...process.env, TMPDIR: scratch }, onLine: report },
  );
  report('handing the root to Podman');
  await podman(['import', '--quiet', '--change', 'CMD=["/usr/local/sbin/lab-init"]', archive, image]);
}

/** Files only: folders that exist in the root keep their own modes. */
function paths(root: NodeRoot): string[] {
  return root.files.map(({ path }) => path.slice(1));
}

async function removeOtherImages(image: string): Promise<void> {
  const names = await podman(['images', '--filter', `reference=${repository}`, '--format', '{{.Repository}}:{{.Tag}}']);
  for (const name of names.split('\n')) {
    // Podman refuses to remove an image that a machine uses; it goes with a later one.
    if (name !== '' && name !== image) await attempt('podman', ['image', 'rm', name]);
  }
}
