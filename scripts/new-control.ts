/** `npm run new:control <area>/<name>`: writes the files of a new control and enters it in the registry. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { controlIds, registrySource } from './generate-registry';
import { scaffold } from './scaffold-control';

const root = join(__dirname, '..');

function main(id: string): void {
  const files = Object.entries(scaffold(id));
  const taken = files.map(([file]) => file).filter((file) => existsSync(join(root, file)));
  if (taken.length > 0) throw new Error(`${taken.join(' and ')} exists already`);
  for (const [file, content] of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
    console.log(`wrote ${file}`);
  }
  writeFileSync(join(root, 'lib/controls/registry.ts'), registrySource(controlIds(root)));
  console.log('wrote lib/controls/registry.ts');
  console.log(`fill both files in, then: npm run generate && npx jest ${id} controls-contract benchmarks`);
}

try {
  main(process.argv[2] ?? '');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
