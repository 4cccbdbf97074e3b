import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { packageRoot, packageVersion } from '../apply/package-root';
import { capture } from '../apply/programs';
import { HardeningError } from '../lib/errors';

/** What a run leaves in a project, which is no part of it. */
const left = ['node_modules', '.bulwark'];

/** Settings of a new project. */
export interface StackProject {
  /** One of `readyStacks()`. */
  readonly stack: string;
  /** Folder of the project. @default named like the stack, in the working directory */
  readonly directory?: string;
  /** Name of the project. @default the stack's */
  readonly name?: string;
  /** What npm installs as `bulwark`. @default this installation, packed into the project */
  readonly package?: string;
}

/** Names of the Pulumi projects that come with the package: `stacks/<name>`. */
export function readyStacks(): readonly string[] {
  const folder = join(packageRoot(), 'stacks');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'Pulumi.yaml')));
}

/**
 * Writes a ready stack as a project of its own, which works outside of this package.
 *
 * @returns its folder, and the names of the files in it
 * @throws HardeningError of kind `usage` where there is no such stack, the name cannot be used or the folder is not
 *   empty, and of kind `prerequisite` where this installation cannot be packed
 */
export async function scaffoldStack(project: StackProject): Promise<{ directory: string; files: readonly string[] }> {
  const { stack, name = stack } = project;
  const directory = project.directory ?? stack;
  checkUse(stack, name, directory);
  const isNew = !existsSync(directory);
  await mkdir(directory, { recursive: true });
  try {
    const dependency = project.package ?? `file:${await pack(directory)}`;
    await cp(join(packageRoot(), 'stacks', stack), directory, {
      recursive: true,
      filter: (path) => ![...left, 'package-lock.json'].includes(basename(path)),
    });
    // npm leaves files of this name out of a package.
    await writeFile(join(directory, '.gitignore'), left.map((entry) => `${entry}/\n`).join(''));
    await edit(join(directory, 'package.json'), (text) => {
      const manifest = JSON.parse(text);
      const dependencies = { ...manifest.dependencies, bulwark: dependency };
      return `${JSON.stringify({ ...manifest, name, dependencies }, null, 2)}\n`;
    });
    await edit(join(directory, 'Pulumi.yaml'), (text) => renamed(text.replace(/^name: .*/m, `name: ${name}`)));
    await edit(join(directory, 'Pulumi.example.yaml'), renamed);
  } catch (error) {
    if (isNew) await rm(directory, { recursive: true, force: true });
    throw error;
  }
  return { directory, files: readdirSync(directory).sort() };

  /** Keys of the configuration begin with the project's name. */
  function renamed(text: string): string {
    return text.replace(new RegExp(`^(\\s+(?:# )?)${stack}:(?=\\S)`, 'gm'), `$1${name}:`);
  }
}

function checkUse(stack: string, name: string, directory: string): void {
  const known = readyStacks();
  if (!known.includes(stack)) {
    throw new HardeningError('usage', [
      { code: 'INIT_STACK', message: 'there is no such stack', got: stack, allowed: known.join(', ') },
    ]);
  }
  if (!/^[a-z][a-z0-9-]{0,99}$/.test(name)) {
    throw new HardeningError('usage', [
      { code: 'INIT_NAME', message: 'a project is named by small letters, digits and hyphens', got: name },
    ]);
  }
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new HardeningError('usage', [
      {
        code: 'INIT_EXISTS',
        file: directory,
        message: 'the folder is not empty',
        fix: 'give another one, or empty it',
      },
    ]);
  }
}

/** Packs this installation, so that a project needs no registry that has it. */
async function pack(directory: string): Promise<string> {
  const failed = (message: string, fix: string) =>
    new HardeningError('prerequisite', [{ code: 'INIT_PACK', message, fix }]);
  if (!existsSync(join(packageRoot(), 'build', 'stacks'))) {
    throw failed('the package is not built', 'run `npm run build` in its folder, or name a version with --package');
  }
  const { status, output } = await capture('npm', [
    ...['pack', packageRoot(), '--pack-destination', resolve(directory)],
    ...['--silent', '--ignore-scripts'],
  ]);
  if (status !== 0) throw failed(`npm cannot pack ${packageRoot()}: ${output.trim()}`, 'name a version with --package');
  return `bulwark-${packageVersion()}.tgz`;
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')));
}
