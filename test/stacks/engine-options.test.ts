import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import type { Outcome } from '../attacks/attack';
import { installPackage, packAs, packPackage } from '../support/packed-package';
import { describeOnEngine, PulumiProject } from '../support/pulumi-engine';
import { specInput } from '../support/spec';

jest.setTimeout(900_000);

interface State {
  deployment: {
    resources: { urn: string; type: string; initErrors?: string[]; outputs?: Record<string, unknown> }[];
  };
}

/** Nobody listens on the one address of this spec. */
const unheard = () => {
  const { networking, nodes } = specInput();
  const [node] = nodes;
  return { networking, nodes: [{ ...node, address: '127.0.0.1', ssh: { port: 1 } }] };
};

interface Program {
  readonly name?: string;
  readonly spec?: object;
  /** Source of the component's options. */
  readonly options?: string;
  /** Source that comes before. */
  readonly before?: string;
  /** Source around the spec. */
  readonly wrap?: string;
}
const program = ({ name = 'demo', spec = {}, options = '{}', before = '', wrap = '' }: Program = {}) => `
import { ComponentResource, rootStackResource, secret } from '@pulumi/pulumi';
import { HardenedCluster } from 'bulwark/stacks';
${before}
const spec = ${wrap}(${JSON.stringify({ ...unheard(), ...spec })} as any);
const cluster = new HardenedCluster('${name}', { spec }, ${options});
export const { endpoint, kubeconfig } = cluster;
`;
const encrypted = { encryption: { resources: ['deployments.apps'] } };
const kubeconfig = 'apiVersion: v1 # of the test';

/** What an update that went well leaves, made of what a failed one left: these tests have no machine. */
function succeeded(state: State): State {
  for (const resource of state.deployment.resources) {
    if (resource.type !== 'bulwark:index:Cluster') continue;
    delete resource.initErrors;
    const outputs = { endpoint: 'https://127.0.0.1:6443', caCertificate: 'PEM', kubeconfig, drift: {} };
    resource.outputs = { ...resource.outputs, ...outputs, bundleDigest: 'of it', evidence: {}, nodeStates: {} };
  }
  return state;
}

describeOnEngine('resource options on the real engine', ['pulumi', 'pulumi-language-nodejs'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-options-'));
  const app = join(folder, 'app');
  const packages = ['cdk8s', 'cdk8s-plus-27', 'constructs', '@pulumi/pulumi'];
  const base = join(folder, 'base.json');
  let project: PulumiProject;

  const said = ({ stdout, stderr }: Outcome) => `${stdout}\n${stderr}`;
  const succeed = async (...args: string[]): Promise<string> => {
    const outcome = await project.run(args);
    expect({ code: outcome.code, said: outcome.code === 0 ? '' : said(outcome) }).toEqual({ code: 0, said: '' });
    return outcome.stdout;
  };
  const up = () => succeed('up', '--yes', '--skip-preview');
  const exported = async (): Promise<State> => JSON.parse(await succeed('stack', 'export'));
  /** Kinds of steps that a preview has, in their order, without those that leave a resource as it is. */
  const preview = async (changed: Program, ...args: string[]): Promise<readonly string[]> => {
    project.write(program(changed));
    const { steps } = JSON.parse(await succeed('preview', '--json', ...args)) as {
      steps: { op: string; urn: string }[];
    };
    return steps
      .filter(({ op }) => op !== 'same')
      .map(({ op, urn }) => `${op} ${urn.split(/::|\$/).slice(-2).join(' ')}`);
  };

  beforeAll(async () => {
    expect(installPackage(app, packPackage(folder), packages)).toBe('');
    project = new PulumiProject(app, program());
    await succeed('stack', 'init', 'dev');
    // Fails, because nobody listens; what it would have left is put in its place.
    expect(said(await project.run(['up', '--yes', '--skip-preview']))).toContain('NODE_UNREACHABLE');
    writeFileSync(base, JSON.stringify(succeeded(await exported())));
    await succeed('stack', 'import', '--file', base);
    await up();
    writeFileSync(base, JSON.stringify(await exported()));
  });
  beforeEach(async () => {
    project.write(program());
    await succeed('stack', 'import', '--file', base);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('ignoreChanges of the component is that of the resource behind it, down to a field', async () => {
    const update = ['update bulwark:index:Cluster demo'];
    expect(await preview({})).toEqual([]);
    expect(await preview({ spec: encrypted })).toEqual(update);
    expect(await preview({ spec: encrypted, options: "{ ignoreChanges: ['spec'] }" })).toEqual([]);
    const field = "{ ignoreChanges: ['spec.encryption'] }";
    expect(await preview({ spec: encrypted, options: field })).toEqual([]);
    expect(await preview({ spec: { ...encrypted, metricsServer: true }, options: field })).toEqual(update);
  });

  test('with an alias a renamed or moved component is the same cluster, called as before', async () => {
    const lost = ['create bulwark:index:HardenedCluster new', 'create bulwark:index:Cluster new'];
    const gone = ['delete bulwark:index:Cluster demo', 'delete bulwark:index:HardenedCluster demo'];
    expect(await preview({ name: 'new' })).toEqual([...lost, ...gone]);
    expect(await preview({ name: 'new', options: "{ aliases: [{ name: 'demo' }] }" })).toEqual([]);
    const team = "const team = new ComponentResource('my:index:Team', 'team');";
    const options = '{ parent: team, aliases: [{ parent: rootStackResource }] }';
    expect(await preview({ before: team, options })).toEqual(['create my:index:Team team']);
  });

  test('`pulumi state rename` of the component and of what is behind it is a renaming, too', async () => {
    const component = 'urn:pulumi:dev::trial::bulwark:index:HardenedCluster';
    await succeed('state', 'rename', `${component}::demo`, 'new', '--yes');
    await succeed('state', 'rename', `${component}$bulwark:index:Cluster::demo`, 'new', '--yes');
    expect(await preview({ name: 'new' })).toEqual([]);
  });

  test('`pulumi stack rename` and `pulumi state move` leave the cluster as it is', async () => {
    await succeed('stack', 'rename', 'prod');
    expect(await preview({})).toEqual([]);
    await succeed('stack', 'rename', 'dev');
    await succeed('stack', 'init', 'moved');
    const component = 'urn:pulumi:dev::trial::bulwark:index:HardenedCluster';
    const urns = [`${component}::demo`, `${component}$bulwark:index:Cluster::demo`];
    await succeed('state', 'move', '--source', 'dev', '--dest', 'moved', ...urns, '--yes');
    expect(await preview({}, '--stack', 'moved')).toEqual([]);
    await succeed('stack', 'select', 'dev');
  });

  test('protect keeps the cluster from a deletion, and retainOnDelete from being asked', async () => {
    project.write(program({ options: '{ protect: true }' }));
    await up();
    const refused = await project.run(['destroy', '--yes', '--skip-preview']);
    expect(refused.code).not.toBe(0);
    expect(said(refused)).toMatch(/Cluster::demo" cannot be deleted\s+because it is protected/);
    await succeed('stack', 'import', '--file', base);
    project.write(program({ options: '{ retainOnDelete: true }' }));
    await up();
    expect(await succeed('destroy', '--yes', '--skip-preview')).not.toContain('is left on its nodes');
  });

  test('a replacement takes the old cluster away before it makes the new one', async () => {
    const urn = 'urn:pulumi:dev::trial::bulwark:index:HardenedCluster$bulwark:index:Cluster::demo';
    const replaced = said(await project.run(['up', '--yes', '--skip-preview', '--replace', urn]));
    // The creation fails, so nothing comes after it.
    expect(replaced).toContain('demo is left on its nodes');
    expect(replaced).toContain('NODE_UNREACHABLE');
  });

  test('a failed update leaves the outputs of the stack', async () => {
    project.write(program({ spec: encrypted }));
    expect((await project.run(['up', '--yes', '--skip-preview'])).code).not.toBe(0);
    expect(await succeed('stack', 'output', 'kubeconfig')).toContain(kubeconfig);
  });

  test('a spec that becomes a secret makes what was made of it one, in the state and for other stacks', async () => {
    const plain = JSON.stringify(await exported());
    expect(plain).toContain(kubeconfig);
    project.write(program({ wrap: 'secret' }));
    await up();
    expect(JSON.stringify(await exported())).not.toContain(kubeconfig);
    expect(await succeed('stack', 'output', 'kubeconfig')).toContain('[secret]');
    project.write(`
      import { StackReference } from '@pulumi/pulumi';
      export const kubeconfig = new StackReference('organization/trial/dev').requireOutput('kubeconfig');`);
    await succeed('stack', 'init', 'reader');
    await up();
    expect(await succeed('stack', 'output', 'kubeconfig')).toContain('[secret]');
    expect(await succeed('stack', 'output', 'kubeconfig', '--show-secrets')).toContain(kubeconfig);
    await succeed('stack', 'select', 'dev');
  });

  test('two stacks of a program go at once, each with files of its own', async () => {
    project.write(program());
    for (const stack of ['one', 'two']) await succeed('stack', 'init', stack);
    const update = (stack: string) => project.run(['up', '--yes', '--skip-preview', '--stack', stack]);
    const outcomes = await Promise.all([update('one'), update('two')]);
    for (const outcome of outcomes) expect(said(outcome)).toContain('NODE_UNREACHABLE');
    expect(readdirSync(join(app, '.bulwark')).sort()).toEqual(['dev', 'one', 'two']);
    await succeed('stack', 'select', 'dev');
  });

  test('another release of the package updates the cluster that is there, and only says so', async () => {
    expect(installPackage(app, packAs(folder, '99.0.0'), packages)).toBe('');
    expect(await preview({})).toEqual(['update bulwark:index:Cluster demo']);
    const shown = await succeed('preview', '--diff');
    expect(shown.match(/^ +[~+-] .*$/gm)?.map((line) => line.trim())).toEqual([
      '~ bulwark:index:Cluster: (update)',
      '~ plan          : {',
      `~ by       : "${version}" => "99.0.0"`,
      '~ 1 to update',
    ]);
    expect(await succeed('destroy', '--yes', '--skip-preview')).toContain('demo is left on its nodes');
  });
});
