import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { describeWith } from '../support/judges';

const rules = join(__dirname, '../../examples/monitoring/bulwark.rules.yaml');

describeWith('alerts, judged by promtool', ['promtool'], ({ promtool }) => {
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-alerts-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(promtool, args, { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };

  /** Runs the unit tests of the alerts on rules of this text. */
  function tryRules(text: string) {
    const file = join(directory, 'rules.yaml');
    writeFileSync(file, text);
    const tests = parse(readFileSync(join(__dirname, 'alerts.test.yaml'), 'utf8'));
    const plan = join(directory, 'tests.yaml');
    writeFileSync(plan, stringify({ ...tests, rule_files: [file] }));
    return run('test', 'rules', plan);
  }

  test('are well-formed', () => {
    expect(run('check', 'rules', rules)).toMatchObject({ status: 0 });
  });

  test('fire when they should, and not before', () => {
    expect(tryRules(readFileSync(rules, 'utf8'))).toMatchObject({ status: 0 });
  });

  test.each([
    ['2 * bulwark', '3 * bulwark', 'BulwarkEvidenceOld'],
    ['offset 7d', 'offset 8d', 'BulwarkEvidenceMissing'],
    ['bulwark_control_failing == 1', 'bulwark_control_failing == 2', 'BulwarkControlFailing'],
    ['error|not-observed', 'error', 'BulwarkVerificationErrs'],
    ['7 * 86400', '6 * 86400', 'BulwarkCertificateExpires'],
    ['offset 15m', 'offset 70m', 'BulwarkClusterAdminGranted'],
    ['[15m]', '[1m]', 'BulwarkClusterAdminGranted'],
    [
      'bulwark_waiver_expiry_timestamp_seconds - time() < 30',
      'bulwark_waiver_expiry_timestamp_seconds - time() < 29',
      'BulwarkWaiverExpires',
    ],
  ])('the tests notice %s changed to %s', (from, to, alert) => {
    const text = readFileSync(rules, 'utf8');
    expect(text).toContain(from);
    const { status, output } = tryRules(text.replace(from, to));
    expect(status).not.toBe(0);
    expect(output).toContain(alert);
  });
});
