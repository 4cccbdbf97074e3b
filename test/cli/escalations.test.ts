import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { bind, granted } from '../lib/escalation/manifests';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'bulwark-escalations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, ...objects: readonly object[]): string => {
  writeFileSync(join(folder, name), objects.map((object) => stringify(object)).join('---\n'));
  return name;
};
const run = (...args: readonly string[]) =>
  spawnSync(
    process.execPath,
    [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'cli/main.ts'), 'escalations', ...args],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );

const roles = write('roles.yaml', bind('Group oidc:ci', 'cluster-admin'), bind('Group oidc:dev', 'view'));

test('prints the way with file, line, fix and control, and exits 3', () => {
  const { status, stdout } = run(roles);
  expect(stdout).toMatch(
    /^roles.yaml:10: error: ClusterRoleBinding cluster-admin-binding: subjects\[0\]: Group oidc:ci → every right → administrator of the cluster\. Fix: take the wildcard from .* \[escalation\/cluster-admin\]\n2 objects: 1 errors, 0 warnings\n$/,
  );
  expect(status).toBe(3);
});

test('reads the objects of all files as one cluster', () => {
  const [role, binding] = granted('Group oidc:ops', undefined, 'get nodes/proxy');
  const files = [write('role.yaml', role ?? {}), write('binding.yaml', binding ?? {})];
  expect(run(files[0] ?? '').status).toBe(0);
  expect(run(...files).stdout).toContain('Group oidc:ops → get nodes/proxy → commands in every pod');
});

test('against a baseline only new ways fail, and closed ones are named', () => {
  expect(run(roles, '--baseline', 'baseline.json', '--accept-all').status).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, 'baseline.json'), 'utf8')).accepted).toHaveLength(1);
  const again = run(roles, '--baseline', 'baseline.json');
  expect([again.status, again.stdout]).toEqual([0, '2 objects: 0 errors, 0 warnings, 1 accepted\n']);

  const more = write('more.yaml', ...granted('Group oidc:new', undefined, 'list secrets'));
  const fresh = run(more, '--baseline', 'baseline.json', '--json');
  expect(fresh.status).toBe(3);
  expect(JSON.parse(fresh.stdout)).toMatchObject({
    errors: 1,
    accepted: 0,
    escalations: [
      {
        goal: 'secrets',
        chain: ['Group oidc:new', 'list secrets', 'Secrets of every namespace'],
        file: 'more.yaml',
        control: 'escalation/secrets',
      },
    ],
    closed: [{ chain: 'Group oidc:ci → every right → administrator of the cluster' }],
  });
});

test('writes SARIF', () => {
  const { stdout } = run(roles, '--sarif');
  const [{ ruleId, level, locations }] = JSON.parse(stdout).runs[0].results;
  expect([ruleId, level, locations[0].physicalLocation.region.startLine]).toEqual([
    'escalation/cluster-admin',
    'error',
    10,
  ]);
});

test.each([
  ['nothing to read', ['none.yaml'], 'there is no such file'],
  ['no object', [write('empty.yaml')], 'no Kubernetes object'],
  ['a baseline that is none', [roles, '--baseline', 'roles.yaml'], 'it is no a baseline'],
  ['no file to accept into', [roles, '--accept-all'], 'add --baseline'],
])('%s is an error of use', (_what, args, message) => {
  const { status, stderr } = run(...args);
  expect([status, stderr]).toEqual([64, expect.stringContaining(message)]);
});
