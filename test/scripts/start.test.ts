import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'bulwark-start-'));
const clone = join(folder, 'clone');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  // What is copied has no node_modules: whoever gets as far as installing would be seen.
  mkdirSync(clone);
  chmodSync(folder, 0o755);
  for (const name of ['scripts', 'package.json', 'package-lock.json']) {
    cpSync(join(root, name), join(clone, name), { recursive: true });
  }
});

/** Runs `npm start`'s program where only these programs are on PATH. */
function start(programs: readonly string[], options: { uid?: number } = {}) {
  const bin = mkdtempSync(join(folder, 'bin-'));
  chmodSync(bin, 0o755);
  for (const name of programs) {
    const real = (process.env.PATH ?? '')
      .split(delimiter)
      .map((path) => join(path, name))
      .find(existsSync);
    if (real) symlinkSync(real, join(bin, name));
  }
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], {
    cwd: clone,
    env: { PATH: bin, HOME: folder },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  return { status, stdout, stderr, seconds: (Date.now() - started) / 1000 };
}

const base = ['sh', 'dpkg-query', 'apt-get'];

// Only root can become another user. Without root the tests are counted as skipped.
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('npm start ends at once with one clear message', () => {
  test('without root', () => {
    const { status, stderr, seconds } = start([...base, 'go'], { uid: 65534 });
    expect(status).toBe(5);
    expect(stderr).toBe('npm start needs root: it starts privileged containers. Run it as root.\n');
    expect(seconds).toBeLessThan(5);
  });

  test('without Go', () => {
    const { status, stderr } = start(base);
    expect(status).toBe(5);
    expect(stderr).toMatch(/^npm start needs Go 1\.26 or later on PATH, and found none: .*\n$/);
  });

  test('without Podman, when nobody can be asked to install it', () => {
    const { status, stdout, stderr } = start([...base, 'go']);
    expect(status).toBe(5);
    expect(stdout).toMatch(/These Debian packages are missing: .*\bpodman\b/);
    expect(stderr).toMatch(/^Nothing was changed\. Install them yourself \(apt-get install .*podman.*\n$/);
  });

  test('and says before what it would do and how long each part takes', () => {
    const { stdout } = start([...base, 'go']);
    expect(stdout.match(/^ {2}\d\. .*$/gm)).toHaveLength(5);
    expect(stdout).toContain('about 25 minutes on two cores, once');
    expect(existsSync(join(clone, 'node_modules'))).toBe(false);
  });
});
