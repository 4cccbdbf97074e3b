import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { makeConsole } from '../../cli/console';
import { type ImportClusterOptions, importCluster } from '../../cli/import-cluster';
import { catalogue } from '../../lib/controls/registry';
import type { HardeningError } from '../../lib/errors';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { parseSpec } from '../../lib/spec/parse';
import { describeWithAnsible } from '../support/ansible';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';
import { pretendNode } from '../support/pretend-node';
import { specInput } from '../support/spec';

jest.setTimeout(120_000);

describeWithAnsible('bulwark import', () => {
  describeWith('from a real API server', apiServerPrograms, (programs) => {
    const folder = mkdtempSync(join(tmpdir(), 'bulwark-import-'));
    const path = process.env.PATH;
    let server: ApiServer;
    beforeAll(async () => {
      process.env.PATH = `${join(programs.kubectl, '..')}:${path}`;
      server = await startApiServer(programs);
      await pretendNode(server);
    });
    afterAll(async () => {
      process.env.PATH = path;
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const out = join(folder, 'cluster.yaml');
    afterEach(() => rmSync(out, { force: true }));
    const networks = { allowedApiCidr: ['198.51.100.0/24'], operatorCidr: ['198.51.100.7'] };
    const take = (options: Partial<ImportClusterOptions> = {}) =>
      importCluster(
        { kubeconfig: server.kubeconfig, out, allowedApiCidr: [], operatorCidr: [], ...options },
        { ...makeConsole(false), result: () => undefined },
      );
    const refused = (options?: Partial<ImportClusterOptions>) =>
      take(options).then(
        () => [],
        (error: HardeningError) => error.issues.map(({ code }) => code),
      );
    const written = () => readFileSync(out, 'utf8');
    const parsed = (text: string | ClusterSpecInput) =>
      parseSpec(text, { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) }).spec;
    const record = (data: object) =>
      server.request('PATCH', '/api/v1/namespaces/kube-system/configmaps/bulwark-spec', { data });

    test('of others: who may connect must be told, a file is never overwritten, and what is unread is said', async () => {
      expect(await refused()).toEqual(['IMPORT_NETWORKS']);
      expect(existsSync(out)).toBe(false);
      writeFileSync(out, 'mine\n');
      expect(await refused(networks)).toEqual(['IMPORT_EXISTS']);
      expect(written()).toBe('mine\n');
      rmSync(out);

      await take({ ...networks, name: 'theirs' });
      expect(parse(written())).toMatchObject({ name: 'theirs', nodes: [{ name: 'one', role: 'control-plane' }] });
      expect(written()).toMatch(
        /^# Could not be read:\n(# \* .*\n)*# \* the kubelets’ configuration: configmaps .* not found$/m,
      );
      expect(() => parsed(written())).toThrow('nodes[0].hostKey');
    });

    test('of Bulwark: the spec that it was made of, which is short and means the same', async () => {
      const spec = parsed(
        specInput({
          profile: 'multi-team',
          waivers: [
            { control: 'kubelet/swap', reason: 'these machines swap for now', owner: 'us', expires: '2030-01-31' },
          ],
          extraArguments: { etcd: { 'quota-backend-bytes': '8589934592' } },
        }),
      );
      const kept = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bulwark-spec' } };
      const made = { ...kept, data: { 'spec.json': JSON.stringify(spec) } };
      expect((await server.request('POST', '/api/v1/namespaces/kube-system/configmaps', made)).status).toBe(201);
      await take();
      expect(written()).toContain('the spec that it was made of');
      expect(written()).not.toMatch(/\[\]|\{\}/);
      expect(parsed(written())).toEqual(spec);

      rmSync(out);
      await take({ operatorCidr: ['198.51.100.8'] });
      expect(parsed(written()).networking).toEqual({ ...spec.networking, operatorCidrs: ['198.51.100.8'] });

      rmSync(out);
      await record({ 'spec.json': '{"name": "x"}' });
      expect(await refused()).toEqual(['IMPORT_NETWORKS']);
    });
  });
});
