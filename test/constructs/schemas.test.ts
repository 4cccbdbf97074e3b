import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Cache } from '../../apply/artifacts';
import { releases } from '../../lib/release';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith, notRun } from '../support/judges';
import { writeSchemas } from '../support/openapi-schemas';

const golden = join(__dirname, '../golden/platform');
const definitions = join(
  new Cache().goModules,
  `github.com/cilium/cilium@v${releases['1.36'].cilium}`,
  'pkg/k8s/apis/cilium.io/client/crds/v2',
);

interface Verdict {
  readonly resources: readonly { readonly name: string; readonly status: string; readonly msg: string }[];
  readonly summary: { valid: number; invalid: number; errors: number; skipped: number };
}

describeWith("the release's own schemas, by kubeconform", [...apiServerPrograms, 'kubeconform'], (programs) => {
  if (!existsSync(definitions)) {
    notRun("Cilium's resource definitions", `${definitions} is not in the Go module cache`);
    return;
  }

  let server: ApiServer;
  let location: string;

  beforeAll(async () => {
    server = await startApiServer(programs);
    const files = readdirSync(definitions).filter((file) => file.endsWith('.yaml'));
    const names = files.map((file) => {
      const path = join(definitions, file);
      server.kubectl(['create', '-f', path]);
      return `crd/${parse(readFileSync(path, 'utf8')).metadata.name}`;
    });
    server.kubectl(['wait', '--for=condition=Established', '--timeout=30s', ...names]);
    await published('apis/cilium.io/v2');
    location = await writeSchemas(server, join(server.directory, 'schemas'));
  }, 120_000);

  afterAll(() => server?.stop());

  /** A resource's schema appears a moment after the resource itself. */
  async function published(group: string): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const { body } = await server.request('GET', `/openapi/v3/${group}`);
      if (JSON.stringify(body).includes('CiliumClusterwideNetworkPolicy')) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the schema of ${group} was not published within 10 s`);
  }

  function judge(path: string): Verdict {
    const args = ['-strict', '-summary', '-verbose', '-output', 'json', '-schema-location', location, path];
    const { stdout, stderr } = spawnSync(programs.kubeconform, args, { encoding: 'utf8' });
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  test.each(readdirSync(golden))('every object of %s is valid and none is skipped', (name) => {
    const { resources, summary } = judge(join(golden, name));
    expect(resources.filter(({ status }) => status !== 'statusValid')).toEqual([]);
    expect(summary).toMatchObject({ invalid: 0, errors: 0, skipped: 0 });
    expect(summary.valid).toBeGreaterThan(5);
  });

  test.each([
    ['a misspelt field', '30-cilium', 'hostNetwork', 'hostnetwork'],
    ['a misspelt field of a custom resource', '40-network-policies', 'toEntities', 'toEntitys'],
    ['a wrong type', '20-admission', 'automountServiceAccountToken: false', 'automountServiceAccountToken: "false"'],
    ['a kind that does not exist', '40-network-policies', 'CiliumClusterwideNetworkPolicy', 'CiliumPolicy'],
  ])('%s is found', (_name, file, from, to) => {
    const text = readFileSync(join(golden, 'cilium', `${file}.k8s.yaml`), 'utf8');
    const directory = join(server.directory, 'broken');
    mkdirSync(directory, { recursive: true });
    const path = join(directory, `${file}.yaml`);
    writeFileSync(path, text.replaceAll(from, to));
    const { summary } = judge(path);
    expect(summary.invalid + summary.errors).toBeGreaterThan(0);
  });

  test('the API server itself accepts every object, unknown fields being errors', () => {
    const apply = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f'];
    for (const namespace of ['shop', 'shop-test', 'monitoring']) server.kubectl(['create', 'namespace', namespace]);
    for (const name of readdirSync(golden)) {
      for (const file of readdirSync(join(golden, name))) {
        expect(() => server.kubectl([...apply, join(golden, name, file), '--force-conflicts'])).not.toThrow();
      }
    }
  });
});
