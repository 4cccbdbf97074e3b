/**
 * Makes the judge of the scheduled verification one JavaScript file, without trees of npm packages, for the Node.js of Debian 12.
 * The same source gives the same bytes. Writes to the path given, else to standard output.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const { outputFiles, metafile } = buildSync({
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  entryPoints: ['observe/scheduled/judge.ts'],
  bundle: true,
  platform: 'node',
  target: 'node18',
  charset: 'utf8',
  metafile: true,
  write: false,
});
// Judging reads no text of a user: parsers and schemas have no place on a node. This one compares words.
const packages = Object.keys(metafile.inputs).filter((path) => /node_modules\/(?!fastest-levenshtein\/)/.test(path));
if (packages.length > 0) throw new Error(`the judge would carry npm packages: ${packages.slice(0, 3).join(', ')}`);

const [target] = process.argv.slice(2);
const [{ text }] = outputFiles;
if (target === undefined) process.stdout.write(text);
else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
