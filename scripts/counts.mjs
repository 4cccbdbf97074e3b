/** Runs tests and adds up what they say, for the last line of `npm test` and `npm run test:e2e`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { root } from './ensure-installed.mjs';

const notRunFile = `${root}reports/not-run.jsonl`;
const jestFile = `${root}reports/jest.json`;

const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

/** Forgets what an earlier run left. */
export function begin() {
  mkdirSync(`${root}reports`, { recursive: true });
  for (const file of [notRunFile, jestFile]) rmSync(file, { force: true });
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
}

function fail(name) {
  counts.failed += 1;
  failures.push(name);
}

/** A step that either holds or does not. */
export function step(name, command, args) {
  console.log(`\n── ${name}`);
  if (run(command, args).status === 0) counts.passed += 1;
  else fail(name);
}

/** Every test of a jest configuration; a file that cannot be loaded is a failure. */
export function jest(args = []) {
  console.log('\n── jest');
  rmSync(jestFile, { force: true });
  const { status } = run('node_modules/.bin/jest', ['--json', `--outputFile=${jestFile}`, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (!existsSync(jestFile)) {
    fail('jest did not finish');
    return;
  }
  const result = JSON.parse(readFileSync(jestFile, 'utf8'));
  counts.passed += result.numPassedTests;
  counts.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  counts.skipped += result.numPendingTests + result.numTodoTests;
  for (const file of result.testResults) {
    const name = file.name.replace(root, '');
    if (file.status === 'failed' && file.assertionResults.length === 0) failures.push(name);
    for (const test of file.assertionResults) {
      if (test.status === 'failed') failures.push(`${name}: ${test.fullName}`);
      if (test.status === 'pending') console.log(`NOT RUN: ${test.fullName}`);
    }
  }
  if (status !== 0 && failures.length === 0) fail(`jest ended with status ${status}`);
}

/** The Python tests below a folder, by unittest. */
export function python(folder) {
  console.log('\n── Python');
  const { status, stderr = '' } = run('python3', ['-m', 'unittest', 'discover', '-s', folder, '-p', 'test_*.py'], {
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  process.stderr.write(stderr);
  const number = (pattern) => Number(pattern.exec(stderr)?.[1] ?? 0);
  const total = number(/^Ran (\d+) tests?/m);
  const failed = number(/failures=(\d+)/) + number(/errors=(\d+)/);
  const skipped = number(/skipped=(\d+)/);
  counts.passed += total - failed - skipped;
  counts.failed += failed;
  counts.skipped += skipped;
  if (failed > 0) failures.push(`${failed} Python tests`);
  else if (status !== 0) fail('the Python tests did not run');
}

/** Lists what could not run and what failed, and ends with the true counts alone on a line. */
export function finish() {
  console.log('');
  const rows = existsSync(notRunFile) ? readFileSync(notRunFile, 'utf8').split('\n').filter(Boolean) : [];
  for (const row of new Set(rows)) {
    const { name, reason } = JSON.parse(row);
    console.log(`NOT RUN: ${name}: ${reason}`);
    counts.skipped += 1;
  }
  for (const failure of failures) console.log(`FAILED: ${failure}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
