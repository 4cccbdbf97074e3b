/**
 * Makes the judge of the scheduled verification one JavaScript file that needs no package beside it, for the Node.js of Debian 12.
 * The same source gives the same bytes. Writes to the path given, else to standard output.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const { outputFiles } = buildSync({
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  entryPoints: ['observe/scheduled/judge.ts'],
  bundle: true,
  platform: 'node',
  target: 'node18',
  charset: 'utf8',
  write: false,
});
const [target] = process.argv.slice(2);
const [{ text }] = outputFiles;
if (target === undefined) process.stdout.write(text);
else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
