/**
 * `npm run generate`: writes the files that follow from others. With `--check` it writes nothing and fails where one
 * is out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clusterJsonSchema } from '../lib/spec/json-schema';
import { controlIds, registrySource } from './generate-registry';

const root = join(__dirname, '..');

const generated: Readonly<Record<string, () => string>> = {
  'lib/controls/registry.ts': () => registrySource(controlIds(root)),
  'schema/cluster.json': () => `${JSON.stringify(clusterJsonSchema(), null, 2)}\n`,
};

const check = process.argv.includes('--check');
let outOfDate = 0;
for (const [file, render] of Object.entries(generated)) {
  const path = join(root, file);
  const content = render();
  if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
  outOfDate += 1;
  console.log(check ? `${file} is out of date: run npm run generate` : `wrote ${file}`);
  if (check) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
process.exitCode = check && outOfDate > 0 ? 1 : 0;
