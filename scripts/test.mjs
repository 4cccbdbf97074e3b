/**
 * `npm test`: types, lint, generated files, jest and the Python tests; then the true counts alone on the last line.
 * Tests that could not run leave a row in reports/not-run.jsonl; each is listed by name and counts as skipped.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureInstalled, root } from './ensure-installed.mjs';

const notRunFile = `${root}reports/not-run.jsonl`;
const jestFile = `${root}reports/jest.json`;
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
}

/** A step that either holds or does not. */
function step(name, command, args) {
  console.log(`\n── ${name}`);
  const holds = run(command, args).status === 0;
  counts[holds ? 'passed' : 'failed'] += 1;
  if (!holds) failures.push(name);
}

function jest() {
  console.log('\n── jest');
  run('node_modules/.bin/jest', ['--json', `--outputFile=${jestFile}`, ...process.argv.slice(2)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (!existsSync(jestFile)) {
    counts.failed += 1;
    failures.push('jest did not finish');
    return;
  }
  const result = JSON.parse(readFileSync(jestFile, 'utf8'));
  counts.passed += result.numPassedTests;
  counts.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  counts.skipped += result.numPendingTests + result.numTodoTests;
  for (const file of result.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) failures.push(file.name.replace(root, ''));
    for (const test of file.assertionResults) {
      if (test.status === 'failed') failures.push(`${file.name.replace(root, '')}: ${test.fullName}`);
      if (test.status === 'pending') console.log(`skipped: ${test.fullName}`);
    }
  }
}

function python() {
  console.log('\n── Python');
  const { status, stderr } = run('python3', ['-m', 'unittest', 'discover', '-s', 'test/ansible', '-p', 'test_*.py'], {
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  process.stderr.write(stderr ?? '');
  const number = (pattern) => Number(pattern.exec(stderr ?? '')?.[1] ?? 0);
  const total = number(/^Ran (\d+) tests?/m);
  const failed = number(/failures=(\d+)/) + number(/errors=(\d+)/);
  const skipped = number(/skipped=(\d+)/);
  if (status !== 0 && failed === 0) {
    counts.failed += 1;
    failures.push('Python tests did not run');
    return;
  }
  if (failed > 0) failures.push(`${failed} Python tests`);
  counts.passed += total - failed - skipped;
  counts.failed += failed;
  counts.skipped += skipped;
}

function notRun() {
  if (!existsSync(notRunFile)) return;
  const rows = new Set(readFileSync(notRunFile, 'utf8').split('\n').filter(Boolean));
  for (const row of rows) {
    const { name, reason } = JSON.parse(row);
    console.log(`NOT RUN: ${name}: ${reason}`);
    counts.skipped += 1;
  }
}

ensureInstalled();
mkdirSync(`${root}reports`, { recursive: true });
for (const file of [notRunFile, jestFile]) rmSync(file, { force: true });

step('types (tsc)', 'node_modules/.bin/tsc', ['--noEmit']);
step('lint and format (biome)', 'node_modules/.bin/biome', ['check']);
step('generated files are current', 'node_modules/.bin/tsx', ['scripts/generate.ts', '--check']);
jest();
python();
console.log('');
notRun();
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
