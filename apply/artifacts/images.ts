import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildContext } from './build-context';
import { makeDebianRoot } from './debian-root';
import { copyTree } from './files';
import { moduleSource } from './go-modules';
import { writeOciArchive } from './oci-archive';
import { buildProgram } from './programs';
import type { ImageRecipe } from './recipe';

/** Users that programs look up; no one can log in. */
const passwd = 'root:x:0:0:root:/:/usr/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/usr/sbin/nologin\n';
const group = 'root:x:0:\nnonroot:x:65532:\n';

/** Builds an image into an OCI archive at `output` and returns its manifest digest. */
export async function buildImage(recipe: ImageRecipe, output: string, context: BuildContext): Promise<string> {
  const root = join(context.scratch, 'root');
  const { debian } = recipe.root;
  if (debian) await makeDebianRoot(root, debian, context);
  // Accounts come with the essential packages.
  if (!debian || debian.unpackedOnly) await addAccounts(root);

  for (const [path, program] of Object.entries(recipe.root.programs)) {
    await buildProgram(program, join(root, path), context);
  }
  for (const [path, tree] of Object.entries(recipe.root.trees ?? {})) {
    context.onDetail(`copying ${tree.folder} of ${tree.modulePath}`);
    const source = await moduleSource(context.cache, tree.module, tree.modulePath, context.arch);
    const from = join(source, tree.folder);
    const except = (tree.except ?? []).map((folder) => join(from, folder));
    await copyTree(from, join(root, path), except);
  }
  for (const [path, target] of Object.entries(recipe.root.links ?? {})) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(target, join(root, path));
  }

  context.onDetail('writing the image');
  const owner = debian && !debian.unpackedOnly ? 'keep' : '0:0';
  const image = { root, owner, reference: recipe.reference, arch: context.arch, config: recipe.config } as const;
  return writeOciArchive(image, context.scratch, output);
}

async function addAccounts(root: string): Promise<void> {
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(join(root, 'etc', 'passwd'), passwd);
  await writeFile(join(root, 'etc', 'group'), group);
}
