import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
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
import manifest from '../package.json';
import lock from '../package-lock.json';
import { notRun } from './support/judges';
import { installPackage, packPackage } from './support/packed-package';

const root = join(__dirname, '..');

describe('the lock file', () => {
  interface Locked {
    readonly optionalDependencies?: Readonly<Record<string, string>>;
    readonly resolved?: string;
  }
  const packages = lock.packages as unknown as Readonly<Record<string, Locked>>;

  test('holds every optional dependency, without which `npm ci` refuses it', () => {
    const absent = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
      ),
    );
    // Put right by: node scripts/complete-lock.mjs
    expect(absent).toEqual([]);
  });

  test('names no host', () => {
    const hosts = Object.values(packages).filter(({ resolved }) => resolved?.includes('://'));
    expect(hosts).toEqual([]);
  });
});

test('dependencies are exact versions, and Pulumi is optional', () => {
  const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(
    versions.filter((version) => !/^(\d+\.\d+\.\d+|npm:.+@\d+\.\d+\.\d+|file:tools\/empty)$/.test(version)),
  ).toEqual([]);
  const peers = Object.keys(manifest.peerDependencies).filter((name) => name.startsWith('@pulumi/'));
  expect(Object.keys(manifest.peerDependenciesMeta)).toEqual(peers);
});

/** What a consumer with the cdk8s trio and nothing else does. */
const program = `
const { readFileSync } = require('node:fs');
const { join, dirname } = require('node:path');
const { catalogue, parseSpec, resolve, synthPlatform } = require('bulwark');
const { assembleBundle } = require('bulwark/kubeadm');
const { HardenedDeployment } = require('bulwark/constructs');
const root = dirname(require.resolve('bulwark/package.json'));
const text = (path) => readFileSync(join(root, path), 'utf8');
const { spec } = parseSpec(text('examples/three-machines/cluster.yaml'), {
  today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) });
const resolution = resolve(spec, catalogue);
const bundle = assembleBundle(resolution, {
  manifests: synthPlatform(resolution.cluster, resolution.settings.of('platform-feature')),
  programs: { approver: { program: text('ansible/files/csr-approver.py'), unit: text('ansible/files/bulwark-csr-approver.service') } },
});
console.log(JSON.stringify({ construct: typeof HardenedDeployment, files: [...bundle.keys()] }));
`;

describe('the packed package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-package-'));
  const app = join(folder, 'app');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('works in an empty folder with the cdk8s trio and no Pulumi', () => {
    const complaints = installPackage(app, packPackage(folder), ['cdk8s', 'cdk8s-plus-27', 'constructs']);
    if (complaints === undefined) {
      notRun('the packed package in an empty folder', "npm's cache lacks a dependency");
      return;
    }
    expect(complaints).toBe('');
    expect(existsSync(join(app, 'node_modules', '@pulumi'))).toBe(false);

    const result = JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: app, encoding: 'utf8' }));
    expect(result.construct).toBe('function');
    expect(result.files).toEqual(
      expect.arrayContaining(['manifest.json', 'nodes/cp-1/host.yaml', 'manifests/00-namespaces.k8s.yaml']),
    );

    const command = join('node_modules', '.bin', 'bulwark');
    const spec = join('node_modules', 'bulwark', 'examples', 'three-machines', 'cluster.yaml');
    const synth = execFileSync(command, ['synth', spec, '--out', 'bundle', '--json'], { cwd: app, encoding: 'utf8' });
    expect(JSON.parse(synth)).toEqual({ directory: 'bundle', files: result.files.length });

    const scheduled = join(app, 'scheduled.yaml');
    writeFileSync(scheduled, `${readFileSync(join(app, spec), 'utf8')}\nverification: {schedule: daily}\n`);
    execFileSync(command, ['synth', scheduled, '--out', 'scheduled'], { cwd: app });
    const judge = readFileSync(join(app, 'scheduled/nodes/cp-1/files/usr/local/lib/bulwark/judge.js'), 'utf8');
    expect(judge).toContain('bulwark_evidence_timestamp_seconds');
  }, 120_000);

  describe('with the cdk8s CLI', () => {
    const three = join(root, 'examples', 'three-tier');
    const bin = join(root, 'node_modules', '.bin');
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, CDK8S_CHECK_UPGRADE: 'false' };
    const cdk8s = (...args: string[]) =>
      spawnSync(join(bin, 'cdk8s'), ['synth', ...args], { cwd: app, encoding: 'utf8', env });
    const isInstalled = () => existsSync(join(app, 'node_modules', 'bulwark'));

    test('the three-tier example synthesizes, passes the plugin, and lint finds nothing', () => {
      if (!isInstalled()) return notRun('the three-tier example', "npm's cache lacks a dependency");
      for (const file of readdirSync(three)) copyFileSync(join(three, file), join(app, file));
      const { status, stdout, stderr } = cdk8s();
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('Error') });
      expect(stdout).toContain('Validations finished');
      const files = readdirSync(join(app, 'manifests'))
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => join('manifests', file));
      expect(files).toHaveLength(2);
      const run = (...args: string[]) =>
        spawnSync(join('node_modules', '.bin', 'bulwark'), [...args, '--json'], { cwd: app, encoding: 'utf8' });
      const lint = run('lint', ...files);
      expect(lint.status).toBe(0);
      expect(JSON.parse(lint.stdout)).toMatchObject({ objects: 23, errors: 0, warnings: 0, waived: 0 });
      const drawn = spawnSync(join('node_modules', '.bin', 'bulwark'), ['graph', 'manifests', '--format', 'mermaid'], {
        cwd: app,
        encoding: 'utf8',
      });
      // The example's README shows what its reader will see.
      expect(readFileSync(join(three, 'README.md'), 'utf8')).toContain(drawn.stdout);
      const escalations = run('escalations', ...files);
      expect(JSON.parse(escalations.stdout)).toMatchObject({ errors: 0, warnings: 0, escalations: [] });
    }, 60_000);

    test("a team's chart in its own package passes what the example pipeline runs", () => {
      if (!isInstalled()) return notRun("the team's chart", "npm's cache lacks a dependency");
      const team = join(folder, 'team');
      cpSync(join(root, 'examples', 'team-chart'), team, { recursive: true });
      symlinkSync(join(app, 'node_modules'), join(team, 'node_modules'));
      const example = JSON.parse(readFileSync(join(team, 'package.json'), 'utf8'));
      const ours: Readonly<Record<string, string>> = { ...manifest.devDependencies, bulwark: manifest.version };
      const wanted: Readonly<Record<string, string>> = { ...example.dependencies, ...example.devDependencies };
      expect(wanted).toEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, ours[name]])));

      const workflow = parse(readFileSync(join(root, 'examples/ci/.github/workflows/manifests.yaml'), 'utf8'));
      const commands = (workflow.jobs.harden.steps as { run?: string }[]).flatMap(({ run }) =>
        run?.startsWith('npx ') ? [run.replace('npx ', '')] : [],
      );
      expect(commands).toHaveLength(3);
      const path = `${join(app, 'node_modules', '.bin')}:${env.PATH}`;
      for (const command of commands) {
        const { status, stderr } = spawnSync('bash', ['-c', command], {
          cwd: team,
          encoding: 'utf8',
          env: { ...env, ...workflow.jobs.harden.env, PATH: path },
        });
        expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({ command, status: 0, stderr: '' });
      }
      expect(JSON.parse(readFileSync(join(team, 'bulwark.sarif'), 'utf8')).runs[0].results).toEqual([]);
      expect(readdirSync(join(team, 'manifests'))).toContain('orders.k8s.yaml');
    }, 90_000);

    test('the plugin stops the synthesis of a raw object and names its construct, field and control', () => {
      if (!isInstalled()) return notRun('the validation plugin', "npm's cache lacks a dependency");
      writeFileSync(join(app, 'weak.ts'), weak);
      const { status } = cdk8s('--app', 'tsx weak.ts', '--validation-reports-output-file', 'report.json');
      expect(status).toBe(2);
      const [report] = JSON.parse(readFileSync(join(app, 'report.json'), 'utf8')).reports;
      const violation = report.violations.find(
        ({ ruleName }: { ruleName: string }) => ruleName === 'pod-security/hostNamespaces',
      );
      expect(violation).toMatchObject({
        fix: expect.stringContaining('leave hostNetwork'),
        violatingConstructs: [{ constructPath: 'chart/raw', locations: ['spec.hostPID'] }],
      });
    }, 60_000);
  });
});

/** An app that nothing but the plugin judges. */
const weak = `
import { ApiObject, App, Chart } from 'cdk8s';
const app = new App();
new ApiObject(new Chart(app, 'chart'), 'raw', {
  apiVersion: 'v1', kind: 'Pod', spec: { hostPID: true, containers: [{ name: 'main', image: 'registry.example/app:1' }] },
});
app.synth();
`;
