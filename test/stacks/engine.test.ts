import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../attacks/attack';
import { installPackage, packPackage } from '../support/packed-package';
import { describeOnEngine, PulumiProject } from '../support/pulumi-engine';
import { specInput } from '../support/spec';

jest.setTimeout(600_000);

const said = ({ stdout, stderr }: Outcome) => `${stdout}\n${stderr}`;

/** Machines of documentation's addresses: whoever connects to them waits in vain. */
const cluster = (changes: object, options = '', spec = 'spec') => `
import { HardenedCluster, InventoryNodes } from 'bulwark/stacks';
const { nodes, ...spec } = ${JSON.stringify({ ...specInput(), ...changes })} as any;
new HardenedCluster('demo', { nodes: new InventoryNodes({ nodes }), spec: ${spec} }${options});
`;

describeOnEngine('a preview on the real engine', ['pulumi', 'pulumi-language-nodejs'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-engine-'));
  let project: PulumiProject;
  const preview = async (program: string, ...args: string[]) => {
    project.write(program);
    return project.run(['preview', ...args]);
  };

  beforeAll(async () => {
    const app = join(folder, 'app');
    expect(installPackage(app, packPackage(folder), ['cdk8s', 'cdk8s-plus-27', 'constructs', '@pulumi/pulumi'])).toBe(
      '',
    );
    project = new PulumiProject(app, cluster({}));
    expect((await project.run(['stack', 'init', 'dev'])).code).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('shows what each node will be, and connects to none', async () => {
    const shown = await preview(cluster({}), '--diff');
    expect({ code: shown.code, said: shown.code === 0 ? '' : said(shown) }).toEqual({ code: 0, said: '' });
    expect(shown.stdout).toMatch(/kubelet\/anonymous-auth *: "on"/);
    expect(shown.stdout).toMatch(
      /\/etc\/kubernetes\/bulwark\/apiserver\/audit\/policy\.yaml *: "[0-9a-f]{12} .*audit\/changes/,
    );
  });

  test('stops at every error of the spec, each with its path and a fix', async () => {
    const shown = await preview(cluster({ profle: 'strict', kubernetesVersion: '1.20' }));
    expect(shown.code).not.toBe(0);
    expect(said(shown)).toMatch(/spec\.profle.*Fix: /s);
    expect(said(shown)).toMatch(/spec\.kubernetesVersion.*Fix: /s);
  });

  test('takes a secret in a spec, and never shows it', async () => {
    const hidden = "secret({ ...spec, ssh: { user: 'hidden-user' } })";
    const program = `import { secret } from '@pulumi/pulumi';${cluster({}, '', hidden)}`;
    const shown = await preview(program, '--diff');
    expect({ code: shown.code, said: shown.code === 0 ? '' : said(shown) }).toEqual({ code: 0, said: '' });
    expect(shown.stdout).toMatch(/spec *: \[secret\]/);
    expect(said(shown)).not.toContain('hidden-user');
  });

  test('hands transforms of a program on to the resource behind the component', async () => {
    const transform = `, { transforms: [({ type, props, opts }) => type === 'bulwark:index:Cluster'
      ? { props: { ...props, stateDirectory: 'elsewhere' }, opts } : undefined] }`;
    const shown = await preview(cluster({}, transform), '--diff');
    expect({ code: shown.code, said: shown.code === 0 ? '' : said(shown) }).toEqual({ code: 0, said: '' });
    expect(shown.stdout).toMatch(/stateDirectory *: "elsewhere"/);
  });
});

describeOnEngine('a preview of objects', ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-objects-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('shows one resource for each, before there is a cluster', async () => {
    const app = join(folder, 'app');
    const names = ['cdk8s', 'cdk8s-plus-27', 'constructs', '@pulumi/pulumi', '@pulumi/kubernetes'];
    expect(installPackage(app, packPackage(folder), names)).toBe('');
    const project = new PulumiProject(app, objects);
    expect((await project.run(['stack', 'init', 'dev'])).code).toBe(0);
    const shown = await project.run(['preview', '--diff']);
    expect({ code: shown.code, said: shown.code === 0 ? '' : said(shown) }).toEqual({ code: 0, said: '' });
    expect(shown.stdout).toContain('kubernetes:core/v1:Namespace: (create)');
  });
});

const objects = `
import { HardenedNamespace } from 'bulwark/constructs';
import { PlatformManifests } from 'bulwark/stacks';
import { App, Chart } from 'cdk8s';
${cluster({}).replace('new HardenedCluster', 'const made = new HardenedCluster')}
const app = new App();
new HardenedNamespace(new Chart(app, 'team'), 'shop', { name: 'shop', minor: '1.36' });
new PlatformManifests('team', { app, kubeconfig: made.kubeconfig, clusterIdentifier: 'demo' });
`;
