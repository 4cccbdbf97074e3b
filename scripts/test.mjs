/**
 * `npm test`: types, lint, generated files, jest and the Python tests; then the true counts alone on the last line.
 * Tests that could not run leave a row in reports/not-run.jsonl; each is listed by name and counts as skipped.
 */
import { begin, finish, jest, python, step } from './counts.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
begin();
step('types (tsc)', 'node_modules/.bin/tsc', ['--noEmit']);
step('lint and format (biome)', 'node_modules/.bin/biome', ['check']);
step('generated files are current', 'node_modules/.bin/tsx', ['scripts/generate.ts', '--check']);
const asked = process.argv.slice(2);
// The test that compares this computer before and after a lab runs alone: other suites have mounts and settings too.
const alone = 'test/lab/lab.test.ts';
if (asked.length > 0) jest(asked);
else {
  jest([alone]);
  jest(['--testPathIgnorePatterns', '/node_modules/', '/test/e2e/', alone]);
}
python('test/ansible');
finish();
