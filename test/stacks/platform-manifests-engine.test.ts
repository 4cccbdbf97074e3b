import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Outcome } from '../attacks/attack';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';
import { installPackage, packPackage } from '../support/packed-package';
import { describeOnEngine, PulumiProject } from '../support/pulumi-engine';

jest.setTimeout(600_000);

/** A custom resource, its kind, and objects in a namespace of their own: each needs another one first. */
const program = (colour: string) => `
import { HardenedNamespace } from 'bulwark/constructs';
import { PlatformManifests } from 'bulwark/stacks';
import { ApiObject, App, Chart } from 'cdk8s';
import { readFileSync } from 'node:fs';

const app = new App();
const chart = new Chart(app, 'team');
new ApiObject(chart, 'paint', {
  apiVersion: 'example.org/v1', kind: 'Paint', metadata: { name: 'wall', namespace: 'default' }, spec: { colour: '${colour}' },
});
new ApiObject(chart, 'kind', {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'paints.example.org' },
  spec: {
    group: 'example.org', scope: 'Namespaced', names: { kind: 'Paint', plural: 'paints' },
    versions: [{
      name: 'v1', served: true, storage: true,
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { colour: { type: 'string' } } } } } },
    }],
  },
});
new HardenedNamespace(chart, 'shop', { name: 'shop', minor: '1.36' });
new ApiObject(chart, 'settings', {
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' }, data: { colour: 'red' },
});
new PlatformManifests('team', { app, kubeconfig: readFileSync('kubeconfig', 'utf8'), clusterIdentifier: 'demo' });
`;
describeOnEngine('objects', ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'], () => {
  describeWith('on a real API server', apiServerPrograms, (programs) => {
    const folder = mkdtempSync(join(tmpdir(), 'bulwark-manifests-'));
    const app = join(folder, 'app');
    let server: ApiServer;
    let project: PulumiProject;

    const said = ({ stdout, stderr }: Outcome) => `${stdout}\n${stderr}`;
    const succeed = async (...args: readonly string[]): Promise<string> => {
      const outcome = await project.run(args);
      expect({ code: outcome.code, said: outcome.code === 0 ? '' : said(outcome) }).toEqual({ code: 0, said: '' });
      return said(outcome);
    };
    const up = (text: string) => {
      project.write(text);
      return succeed('up', '--yes', '--skip-preview');
    };
    const get = (...args: readonly string[]) => JSON.parse(server.kubectl(['get', ...args, '-o', 'json']));

    beforeAll(async () => {
      server = await startApiServer(programs);
      const names = ['cdk8s', 'cdk8s-plus-27', 'constructs', '@pulumi/pulumi', '@pulumi/kubernetes'];
      expect(installPackage(app, packPackage(folder), names)).toBe('');
      writeFileSync(join(app, 'kubeconfig'), readFileSync(server.kubeconfig));
      project = new PulumiProject(app, program('red'));
      await succeed('stack', 'init', 'dev');
    });
    afterAll(async () => {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('are made in an order that works', async () => {
      await up(program('red'));
      expect(get('paints.example.org', 'wall').spec).toEqual({ colour: 'red' });
      const { metadata } = get('namespace', 'shop');
      expect(metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
      await succeed('preview', '--expect-no-changes');
    });

    test('a renewed kubeconfig, with another certificate, replaces none of them', async () => {
      const before = get('configmap', 'settings', '-n', 'shop').metadata.uid;
      const config = parse(readFileSync(server.kubeconfig, 'utf8'));
      config.users[0].user = renewed(server.directory);
      writeFileSync(join(app, 'kubeconfig'), stringify(config));
      const shown = await up(program('red'));
      expect(shown).toMatch(/~ 1 updated/);
      expect(shown).not.toMatch(/replaced|created|deleted/);
      expect(get('configmap', 'settings', '-n', 'shop').metadata.uid).toBe(before);
    });

    test('what another hand changed is shown by a refresh, and put right by the next update, by server-side apply', async () => {
      server.kubectl(['patch', 'paints.example.org', 'wall', '--type=merge', '-p', '{"spec":{"colour":"grey"}}']);
      expect(await succeed('refresh', '--yes', '--skip-preview', '--diff')).toMatch(/"red" => "grey"/);
      await up(program('red'));
      const { spec, metadata } = get('paints.example.org', 'wall', '--show-managed-fields');
      expect(spec).toEqual({ colour: 'red' });
      expect(metadata.managedFields).toContainEqual(
        expect.objectContaining({ operation: 'Apply', manager: expect.stringContaining('pulumi') }),
      );
    });

    // That one leaves is seen on a whole cluster: the engine has the garbage collector delete it.
    test('a change of one touches no other', async () => {
      const { resourceVersion } = get('configmap', 'settings', '-n', 'shop').metadata;
      expect(await up(program('blue'))).toMatch(/~ 1 updated/);
      expect(get('paints.example.org', 'wall').spec).toEqual({ colour: 'blue' });
      expect(get('configmap', 'settings', '-n', 'shop').metadata.resourceVersion).toBe(resourceVersion);
    });
  });
});

/** Another certificate of an administrator, from the same authority. */
function renewed(directory: string) {
  const at = (file: string) => join(directory, file);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  openssl(
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    at('renewed.key'),
    '-out',
    at('renewed.csr'),
    '-subj',
    '/O=system:masters/CN=renewed',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    at('renewed.csr'),
    '-CA',
    at('pki/ca.crt'),
    '-CAkey',
    at('pki/ca.key'),
    '-CAcreateserial',
    '-days',
    '1',
    '-out',
    at('renewed.crt'),
  );
  const base64 = (file: string) => readFileSync(at(file)).toString('base64');
  return { 'client-certificate-data': base64('renewed.crt'), 'client-key-data': base64('renewed.key') };
}
