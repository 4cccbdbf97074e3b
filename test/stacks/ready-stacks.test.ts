import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readyStacks } from '../../cli/scaffold-stack';
import manifest from '../../package.json';
import { describeWith, notRun } from '../support/judges';
import { installPackage, packPackage } from '../support/packed-package';
import { hostKeys } from '../support/spec';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'bulwark-stacks-'));
const app = join(folder, 'app');
/** The compiled copy of the package that was packed, whose command runs. */
const source = join(folder, 'source');
let tarball = '';

beforeAll(() => {
  tarball = packPackage(folder);
  symlinkSync(join(root, 'node_modules'), join(source, 'node_modules'));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const init = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [join(source, 'build/cli/main.js'), 'init', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
const isInstalled = () => existsSync(join(app, 'node_modules', 'bulwark'));
const notCached = "npm's cache lacks a dependency";
const dependenciesOf = (directory: string) => {
  const { dependencies, devDependencies } = JSON.parse(read(directory, 'package.json'));
  return Object.keys({ ...dependencies, ...devDependencies });
};
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('every ready stack', () => {
  test.each(readyStacks())('%s is a template that says what its configuration means', (stack) => {
    const directory = join(root, 'stacks', stack);
    expect(manifest.files).toContain(`stacks/${stack}`);
    const project = parse(read(directory, 'Pulumi.yaml'));
    expect(project).toMatchObject({
      name: stack,
      plugins: { providers: [{ name: 'bulwark', path: 'node_modules/bulwark/stacks/plugin' }] },
      template: { description: expect.any(String) },
    });
    for (const [key, declared] of Object.entries(project.config)) {
      expect({ key, declared }).toEqual({
        key,
        declared: expect.objectContaining({ type: expect.any(String), description: expect.any(String) }),
      });
    }
    const example = Object.keys(parse(read(directory, 'Pulumi.example.yaml')).config);
    const own = example.filter((key) => key.startsWith(`${stack}:`)).map((key) => key.slice(stack.length + 1));
    expect(Object.keys(project.config)).toEqual(expect.arrayContaining(own));
    // What has no default must be set, so the example shows it.
    const needed = Object.entries<{ default?: unknown }>(project.config).filter(
      ([, each]) => each.default === undefined,
    );
    expect(own).toEqual(expect.arrayContaining(needed.map(([key]) => key)));
  });

  test.each(readyStacks())('%s has the versions that this package is tested with', (stack) => {
    const { dependencies, devDependencies } = JSON.parse(read(root, 'stacks', stack, 'package.json'));
    const ours: Readonly<Record<string, string>> = { ...manifest.devDependencies, bulwark: 'file:../..' };
    const wanted: Readonly<Record<string, string>> = { ...dependencies, ...devDependencies };
    expect(wanted).toEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, ours[name]])));
  });
});

describe('a scaffolded project', () => {
  const typeErrors = (project: string) =>
    spawnSync(join(project, 'node_modules/.bin/tsc6'), ['--noEmit'], { cwd: project, encoding: 'utf8' }).stdout;

  beforeAll(() => {
    const wanted = readyStacks().flatMap((stack) => dependenciesOf(join(root, 'stacks', stack)));
    const names = [...new Set(wanted)].filter((name) => name !== 'bulwark');
    const complaints = installPackage(app, tarball, names);
    if (complaints !== undefined) expect(complaints).toBe('');
  }, 300_000);

  test.each(readyStacks())(
    '%s installs from its own tarball and type-checks',
    (stack) => {
      const written = init('--stack', stack, '--json');
      expect(written.stderr).toBe('');
      const { directory, files } = JSON.parse(written.stdout);
      expect({ directory, files }).toEqual({ directory: stack, files: readdirSync(join(folder, stack)).sort() });
      expect(files).toEqual(expect.arrayContaining(['.gitignore', 'Pulumi.yaml', 'README.md', 'index.ts']));

      const project = join(folder, stack);
      const own = JSON.parse(read(project, 'package.json'));
      expect(own.dependencies.bulwark).toBe(`file:bulwark-${manifest.version}.tgz`);
      // What it would install is what was installed once for all of them.
      expect(readFileSync(join(project, `bulwark-${manifest.version}.tgz`))).toEqual(readFileSync(tarball));
      if (!isInstalled()) return notRun(`the stack ${stack}`, notCached);
      symlinkSync(join(app, 'node_modules'), join(project, 'node_modules'));
      const load = ['-e', "console.log(typeof require('bulwark/stacks').HardenedCluster)"];
      expect(spawnSync(process.execPath, load, { cwd: project, encoding: 'utf8' })).toMatchObject({
        stderr: '',
        stdout: 'function\n',
      });

      expect(typeErrors(project)).toBe('');
    },
    240_000,
  );

  test('is checked against the types of the package', () => {
    if (!isInstalled()) return notRun('types of a ready stack', notCached);
    const file = join(folder, 'lab', 'index.ts');
    const program = readFileSync(file, 'utf8');
    writeFileSync(file, program.replace('destroyCluster:', 'destroyClutser:'));
    expect(typeErrors(join(folder, 'lab'))).toContain("'destroyClutser' does not exist in type 'HardenedClusterArgs'");
    writeFileSync(file, program);
  }, 60_000);

  test('takes its own name, in its configuration too', () => {
    expect(init('--stack', 'machines', 'renamed', '--name', 'shop', '--package', '9.9.9').status).toBe(0);
    const project = join(folder, 'renamed');
    expect(JSON.parse(read(project, 'package.json'))).toMatchObject({
      name: 'shop',
      dependencies: { bulwark: '9.9.9' },
    });
    expect(parse(read(project, 'Pulumi.yaml')).name).toBe('shop');
    expect(read(project, 'Pulumi.example.yaml')).toContain('shop:nodes:');
    expect(read(project, 'Pulumi.example.yaml')).not.toContain('machines:');
    expect(readdirSync(project).filter((file) => file.endsWith('.tgz'))).toEqual([]);
  });

  test('never overwrites, and names what it cannot do', () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken/notes.txt'), 'mine');
    const taken = init('--stack', 'machines', 'taken');
    expect(taken).toMatchObject({ status: 64, stderr: expect.stringContaining('[INIT_EXISTS]') });
    expect(readdirSync(join(folder, 'taken'))).toEqual(['notes.txt']);

    const unknown = init('--stack', 'machine', 'nothing');
    expect(unknown).toMatchObject({ status: 64, stderr: expect.stringContaining('machines') });
    expect(init('--stack', 'machines', 'nothing', '--name', 'My Cluster')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('[INIT_NAME]'),
    });
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });

  test('leaves nothing behind where the package cannot be packed', () => {
    const unbuilt = join(folder, 'unbuilt');
    cpSync(source, unbuilt, { recursive: true });
    rmSync(join(unbuilt, 'build/stacks'), { recursive: true });
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(unbuilt, 'build/cli/main.js'), 'init', '--stack', 'machines', 'nothing'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 5, stderr: expect.stringContaining('npm run build') });
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });
});

describeWith('with the Pulumi CLI', ['pulumi', 'pulumi-language-nodejs'], ({ pulumi }) => {
  const home = join(folder, 'pulumi');
  const environment = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_HOME: home,
    PULUMI_CONFIG_PASSPHRASE: 'of a test',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
  const run = (stack: string, ...args: string[]) =>
    spawnSync(pulumi, [...args, '--non-interactive'], {
      cwd: join(folder, stack),
      encoding: 'utf8',
      env: environment,
    });
  beforeAll(() => mkdirSync(home));

  test('the lab previews its machines and its cluster', () => {
    if (!isInstalled()) return notRun('a preview of the lab', notCached);
    expect(run('lab', 'stack', 'init', 'example')).toMatchObject({ status: 0 });
    const { stdout, status } = run('lab', 'preview', '--json');
    expect({ status, stdout }).toMatchObject({ status: 0 });
    const types = JSON.parse(stdout).steps.map(({ newState }: { newState: { type: string } }) => newState.type);
    expect(types).toEqual(expect.arrayContaining(['bulwark:index:Lab', 'bulwark:index:Cluster']));
  }, 300_000);

  test('boards are shown with their gateway before any of them is plugged in, and every mistake is named', () => {
    if (!isInstalled()) return notRun('a preview of boards', notCached);
    const example = read(folder, 'raspberry-pi', 'Pulumi.example.yaml');
    const keyed = example.replaceAll(/hostKey: REPLACE .*/g, `hostKey: ${hostKeys[0]}`);
    const preview = (stack: string, configuration: string, ...args: string[]) => {
      writeFileSync(join(folder, 'raspberry-pi', `Pulumi.${stack}.yaml`), configuration);
      expect(run('raspberry-pi', 'stack', 'init', stack)).toMatchObject({ status: 0 });
      return run('raspberry-pi', 'preview', ...args);
    };
    const shown = preview('home', keyed, '--diff');
    expect({ status: shown.status, said: shown.status === 0 ? '' : shown.stdout }).toEqual({ status: 0, said: '' });
    expect(shown.stdout).toMatch(/\/etc\/dnsmasq\.d\/bulwark\.conf *: "[0-9a-f]{12}/);
    expect(shown.stdout).toMatch(/board\/etcd-disk *: "on"/);

    const unread = preview('unread', example);
    expect(unread.status).not.toBe(0);
    for (const path of ['spec.nodes[0].hostKey', 'spec.nodes[4].hostKey', 'spec.gateway.hostKey']) {
      expect(unread.stdout).toContain(path);
    }
    const astray = preview('astray', keyed.replace('address: 10.42.0.13', 'address: 192.168.1.13'));
    expect(astray.status).not.toBe(0);
    expect(astray.stdout).toMatch(/spec\.nodes\[2\]\.address.*not in the network inside of the gateway.*Fix: /s);
  }, 600_000);

  test('machines refuse host keys that nobody read', () => {
    if (!isInstalled()) return notRun('a preview of machines', notCached);
    expect(run('machines', 'stack', 'init', 'example')).toMatchObject({ status: 0 });
    const { stdout, status } = run('machines', 'preview');
    expect(status).not.toBe(0);
    expect(stdout).toContain('spec.nodes[0].hostKey');
    expect(stdout).toContain('spec.nodes[1].hostKey');
  }, 300_000);

  describeWith('and the Kubernetes provider', ['pulumi-resource-kubernetes'], () => {
    test('machines are shown with what will run on them', () => {
      if (!isInstalled()) return notRun('a preview of machines and their objects', notCached);
      const example = read(folder, 'machines', 'Pulumi.example.yaml');
      const keyed = example.replaceAll(/hostKey: REPLACE .*/g, `hostKey: ${hostKeys[0]}`);
      writeFileSync(join(folder, 'machines', 'Pulumi.whole.yaml'), keyed);
      expect(run('machines', 'stack', 'init', 'whole')).toMatchObject({ status: 0 });
      const { stdout, status } = run('machines', 'preview', '--diff');
      expect({ status, said: status === 0 ? '' : stdout }).toEqual({ status: 0, said: '' });
      expect(stdout).toContain('kubernetes:core/v1:Namespace: (create)');
      expect(stdout).toMatch(/kubelet\/anonymous-auth *: "on"/);
    }, 300_000);
  });
});
