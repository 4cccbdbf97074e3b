import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of this package, whether its code runs as source or compiled below `build/`. What is not TypeScript (the
 * Ansible collection, Go modules, schemas) is found from here.
 *
 * @throws Error where no package.json of this package lies above this file
 */
export function packageRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) {
      if ((JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'bulwark') return folder;
    }
    if (folder === dirname(folder)) throw new Error(`no package.json of bulwark above ${__dirname}`);
  }
}

/** Version of this package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}
