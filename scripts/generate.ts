/**
 * `npm run generate`: writes the files that follow from others. With `--check` it writes nothing and fails where one
 * is out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clusterJsonSchema } from '../lib/spec/json-schema';
import { controlIds, registrySource } from './generate-registry';

const root = join(__dirname, '..');

/** In this order: the pages are loaded with the registry, which must be the new one by then. */
const generated: Readonly<Record<string, () => string | Promise<string>>> = {
  'lib/controls/registry.ts': () => registrySource(controlIds(root)),
  'schema/cluster.json': () => `${JSON.stringify(clusterJsonSchema(), null, 2)}\n`,
  'docs/reference/controls.md': async () => (await import('./docs/pages')).pages.controls(),
  'docs/reference/coverage.md': async () => (await import('./docs/pages')).pages.coverage(),
  'docs/reference/profiles.md': async () => (await import('./docs/pages')).pages.profiles(),
  'docs/reference/cost.md': async () => (await import('./docs/pages')).pages.cost(),
};

async function main(check: boolean): Promise<void> {
  let outOfDate = 0;
  for (const [file, render] of Object.entries(generated)) {
    const path = join(root, file);
    const content = await render();
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    outOfDate += 1;
    console.log(check ? `${file} is out of date: run npm run generate` : `wrote ${file}`);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  process.exitCode = check && outOfDate > 0 ? 1 : 0;
}

void main(process.argv.includes('--check'));
