import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');
// Inside the package, so that the compiled command finds the package's own files.
const build = join(root, 'node_modules', '.cache', 'bulwark-command');
const folder = mkdtempSync(join(tmpdir(), 'bulwark-command-'));
const example = join(root, 'examples', 'three-machines', 'cluster.yaml');

beforeAll(() => {
  execFileSync(
    join(root, 'node_modules/.bin/tsc'),
    ['-p', 'tsconfig.build.json', '--outDir', build, '--declaration', 'false'],
    {
      cwd: root,
    },
  );
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bulwark(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(build, 'cli', 'main.js'), ...args], { cwd: folder, encoding: 'utf8' });
}

const verbs =
  'init import inventory synth up verify report explain waive lint escalations kubeconfig break-glass lab reset artifacts'.split(
    ' ',
  );

describe('help', () => {
  test('lists every verb and the exit codes', () => {
    const { stdout, status } = bulwark('--help');
    expect(status).toBe(0);
    for (const verb of verbs) {
      expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
    }
    expect(stdout).toContain('2 spec');
  });

  test('an unknown verb is an error of use', () => {
    const { status, stderr } = bulwark('upp');
    expect(status).toBe(64);
    expect(stderr).toContain('Did you mean up?');
  });
});

describe('synth', () => {
  test('writes the same bytes twice and finds a directory up to date', () => {
    expect(bulwark('synth', example, '--out', 'one').status).toBe(0);
    expect(bulwark('synth', example, '--out', 'two').status).toBe(0);
    expect(spawnSync('diff', ['-r', 'one', 'two'], { cwd: folder }).status).toBe(0);
    const check = bulwark('synth', example, '--check', 'one');
    expect([check.status, check.stdout]).toEqual([0, 'one is up to date\n']);
  });

  test('--check exits 7 with a diff and leaves the directory alone', () => {
    bulwark('synth', example, '--out', 'changed');
    const path = join(folder, 'changed', 'known_hosts');
    writeFileSync(path, 'by hand\n');
    const { status, stdout } = bulwark('synth', example, '--check', 'changed');
    expect(status).toBe(7);
    expect(stdout).toContain('-by hand');
    expect(readFileSync(path, 'utf8')).toBe('by hand\n');
  });

  test('shows every error of a spec with its line, exits 2 and writes nothing', () => {
    const text = readFileSync(example, 'utf8')
      .replace('address: 192.0.2.22', 'address: 192.0.2.21')
      .replace('profile:', 'profle:');
    writeFileSync(join(folder, 'wrong.yaml'), text);
    const { status, stderr, stdout } = bulwark('synth', 'wrong.yaml', '--out', 'never');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/wrong\.yaml:\d+: profle: .*did you mean profile\?/);
    expect(stderr).toMatch(/wrong\.yaml:\d+: nodes\[2\]\.address: .*\[SPEC_DUPLICATE_ADDRESS\]/);
    expect(spawnSync('ls', [join(folder, 'never')]).status).not.toBe(0);
  });

  test('with --json prints one object, for errors too', () => {
    const good = bulwark('synth', example, '--out', 'json', '--json');
    expect(JSON.parse(good.stdout)).toMatchObject({ directory: 'json' });
    const bad = bulwark('synth', 'absent.yaml', '--out', 'json', '--json');
    expect(bad.status).toBe(64);
    expect(JSON.parse(bad.stdout)).toMatchObject({ error: { kind: 'usage', issues: [{ code: 'SPEC_FILE' }] } });
  });
});

test('up refuses several control planes before it does anything', () => {
  const text = readFileSync(example, 'utf8').replaceAll('role: worker', 'role: control-plane');
  writeFileSync(join(folder, 'three.yaml'), text);
  const { status, stderr } = bulwark('up', 'three.yaml', '--yes');
  expect(status).toBe(64);
  expect(stderr).toContain('[UP_CONTROL_PLANES]');
});

describe('inventory scan', () => {
  const spec = 'name: x\nnodes:\n  - {name: a, role: control-plane, address: 127.0.0.1, ssh: {port: 1}}\n';
  const scan = (...args: string[]) => {
    writeFileSync(join(folder, 'draft.yaml'), spec);
    return bulwark('inventory', 'scan', '-f', 'draft.yaml', ...args);
  };

  test('tells every machine that does not answer, and leaves the spec alone', () => {
    const { status, stderr } = scan('--yes');
    expect(status).toBe(4);
    expect(stderr).toContain('a: no SSH server answers');
    expect(readFileSync(join(folder, 'draft.yaml'), 'utf8')).toBe(spec);
  });

  test('refuses what names no machine', () => {
    expect(scan('192.0.2.9').stderr).toContain('write NAME=192.0.2.9 [SCAN_NAME]');
    expect(scan('a=-oProxyCommand=x').stderr).toContain('[SCAN_HOST]');
    expect(scan('--jump', 'a,b').stderr).toContain('[SCAN_JUMP]');
  });
});

test('without a terminal and without --yes nothing is changed', () => {
  writeFileSync(join(folder, 'here.yaml'), readFileSync(example, 'utf8'));
  const { status, stderr } = bulwark('reset', 'here.yaml');
  expect(status).toBe(64);
  expect(stderr).toContain('[CONFIRMATION_NEEDED]');
});

describe('init', () => {
  test('writes a spec that is complete but for what only the user knows, and never over a file', () => {
    expect(bulwark('init', '--name', 'mine').status).toBe(0);
    const text = readFileSync(join(folder, 'cluster.yaml'), 'utf8');
    expect(text).toMatch(/^name: mine$/m);
    const synth = bulwark('synth', 'cluster.yaml', '--out', 'mine', '--json');
    const { issues } = JSON.parse(synth.stdout).error;
    expect(issues.map(({ path }: { path: string }) => path)).toEqual([
      'nodes[0].hostKey',
      'nodes[1].hostKey',
      'nodes[2].hostKey',
    ]);

    expect(bulwark('init').status).toBe(64);
    expect(readFileSync(join(folder, 'cluster.yaml'), 'utf8')).toBe(text);
  });
});

describe('explain', () => {
  test('lists controls, and tells why, cost, sources, settings and checks of one', () => {
    const list = bulwark('explain').stdout.trim().split('\n');
    expect(list.length).toBeGreaterThan(50);
    const { stdout, status } = bulwark('explain', 'kubelet/anonymous-auth');
    expect(status).toBe(0);
    for (const heading of ['Why', 'Cost', 'Sources', 'Settings', 'Checks'])
      expect(stdout).toMatch(new RegExp(`^${heading}$`, 'm'));
    expect(stdout).toContain('authentication.anonymous.enabled');
  });

  test('tells why, fix and waiver of a rule of lint', () => {
    const { stdout, status } = bulwark('explain', 'pod-security/hostNamespaces');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Why\n.{20,}\n\nFix\n.*hostNetwork.*\n\nHow to waive it\n.*bulwark\.dev\/waivers/m);
    expect(JSON.parse(bulwark('explain', 'waivers/used', '--json').stdout).severity).toBe('warning');
  });

  test('names the near control for a misspelt one', () => {
    const { status, stderr } = bulwark('explain', 'kubelet/anonymous-aut');
    expect(status).toBe(64);
    expect(stderr).toContain('did you mean kubelet/anonymous-auth?');
  });
});

test('without a terminal there is no colour and no cursor movement', () => {
  const { stdout, stderr } = bulwark('explain', 'kubelet/anonymous-auth');
  expect(stdout + stderr).not.toContain('\x1b');
});
