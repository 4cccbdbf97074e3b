import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleSpec } from '../../cli/example-cluster';
import { parseSpec } from '../../lib/spec/parse';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'bulwark-waive-'));
const file = join(folder, 'cluster.yaml');
const control = 'access/default-service-accounts';

beforeEach(() => writeFileSync(file, exampleSpec()));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function waive(...args: string[]) {
  const command = ['cli/main.ts', 'waive', control, '--file', file, '--owner', 'shop', ...args];
  return spawnSync(join(root, 'node_modules/.bin/tsx'), command, { cwd: root, encoding: 'utf8' });
}
const reason = ['--reason', 'a plugin of the shop needs its token'];
const written = () =>
  parseSpec(readFileSync(file, 'utf8'), { today: '2026-01-01', controlIds: [control, 'network/default-deny'] }).spec
    .waivers;

test('writes a waiver of namespaces, objects and what stands in', () => {
  const { status, stdout } = waive(
    ...[...reason, '--expires', '2099-12-31', '--namespace', 'shop', 'bank', '--object', 'ServiceAccount/web/default'],
    ...['Namespace/web', '--compensated-by', 'network/default-deny', '--compensation', 'the token is read-only'],
  );
  expect([status, stdout]).toEqual([0, expect.stringContaining('keeps its settings')]);
  expect(written()).toEqual([
    {
      control,
      reason: reason[1],
      owner: 'shop',
      expires: '2099-12-31',
      platform: false,
      namespaces: ['shop', 'bank'],
      objects: [
        { kind: 'ServiceAccount', namespace: 'web', name: 'default' },
        { kind: 'Namespace', name: 'web' },
      ],
      compensation: 'the token is read-only',
      compensatedBy: ['network/default-deny'],
    },
  ]);
}, 30_000);

test('renews a waiver that has expired, although the spec is refused as it stands', () => {
  const expired =
    'waivers:\n  # for the shop\n  - control: access/default-service-accounts\n    reason: long ago decided to be so\n    owner: shop\n    expires: 2020-01-01\n';
  writeFileSync(file, exampleSpec().replace('waivers: []\n', expired));
  expect(waive(...reason, '--expires', '2099-12-31').status).toBe(0);
  expect(written()).toMatchObject([{ reason: reason[1], expires: '2099-12-31' }]);
  expect(readFileSync(file, 'utf8')).toContain('  # for the shop\n');
}, 30_000);

test('changes nothing where the spec would not stand with the waiver', () => {
  const before = readFileSync(file, 'utf8');
  const refused = (code: string, ...args: string[]) => {
    expect(waive(...args).stderr).toContain(code);
    expect(readFileSync(file, 'utf8')).toBe(before);
  };
  refused('SPEC_WAIVER_UNDATED', ...reason);
  refused('SPEC_VALUE', '--reason', 'because', '--expires', '2099-12-31');
  refused('Kind/name', ...reason, '--expires', '2099-12-31', '--object', 'default');
}, 60_000);

test('a waiver that the platform forces needs no date', () => {
  expect(waive(...reason, '--platform').stdout).toContain('as long as the platform forces it');
  expect(written()).toMatchObject([{ platform: true }]);
}, 30_000);
