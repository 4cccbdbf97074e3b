import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EvidenceRow, isProven, judgeCluster } from '../../lib/evidence';
import { hiddenBy } from '../../lib/foreign/hidden';
import { type ForeignObservation, type ForeignRequest, observeForeignCluster } from '../../observe/foreign';
import { describeWithAnsible } from '../support/ansible';
import { type ApiServer, apiServerPrograms, startApiServer } from '../support/api-server';
import { describeWith } from '../support/judges';
import { pretendNode } from '../support/pretend-node';

describeWithAnsible('a cluster of others', () => {
  describeWith('through a real API server', apiServerPrograms, (programs) => {
    let server: ApiServer;
    // A folder of its own, so that what other programs leave is not taken for a leftover.
    const temporary = mkdtempSync(join(tmpdir(), 'bw-'));
    const usual = process.env.TMPDIR;
    beforeAll(async () => {
      process.env.TMPDIR = temporary;
      server = await startApiServer(programs);
      await pretendNode(server);
    }, 120_000);
    afterAll(async () => {
      await server?.stop();
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
      rmSync(temporary, { recursive: true, force: true });
    });

    const observe = (options: Partial<ForeignRequest> = {}) =>
      observeForeignCluster({
        kubectl: programs.kubectl,
        kubeconfig: server.kubeconfig,
        profile: 'internet-facing',
        canary: false,
        ...options,
      });
    const judge = ({ resolution, observations, cluster }: ForeignObservation) =>
      judgeCluster(resolution, observations, { now: new Date(), hidden: hiddenBy(cluster) });
    const rowsOf = (rows: readonly EvidenceRow[], control: string) => rows.filter((row) => row.control === control);
    const leftovers = () => readdirSync(temporary).filter((name) => !name.startsWith('bulwark-apiserver-'));
    const secrets = async () =>
      (await server.request('GET', '/api/v1/namespaces/kube-system/secrets')).body.items as readonly unknown[];

    test('the kubeconfig alone: what the API shows is judged, the rest says why not', async () => {
      const evidence = judge(await observe());
      const { rows } = evidence;
      expect(rows.filter(({ verdict }) => verdict === 'error')).toEqual([]);
      expect(rows.filter(({ explained }) => explained === false)).toEqual([]);
      expect(isProven(evidence)).toBe(false);
      // An object, a right, an argument of a mirror pod, an anonymous request to the API server.
      expect(rowsOf(rows, 'access/cluster-admin-bindings')).toMatchObject([{ verdict: 'pass' }]);
      expect(rowsOf(rows, 'access/component-roles').some(({ verdict }) => verdict === 'pass')).toBe(true);
      const [argument] = rowsOf(rows, 'audit/log-maxage');
      expect(argument).toMatchObject({ verdict: 'fail', observed: expect.stringContaining('static pod') });
      expect(rowsOf(rows, 'kube-apiserver/anonymous-auth').map(({ verdict }) => verdict)).toEqual(
        expect.arrayContaining(['pass', 'fail']),
      );
      const [file] = rowsOf(rows, 'node/kubelet-unit');
      expect(file).toMatchObject({ verdict: 'not-observed', observed: 'no SSH: no --inventory was given' });
      expect(rowsOf(rows, 'audit/no-secret-bodies')[0]).toMatchObject({
        verdict: 'not-observed',
        observed: expect.stringContaining('--canary'),
      });
      expect(leftovers()).toEqual([]);
      expect(await secrets()).toEqual([]);
    }, 120_000);

    test('a user without rights sees less, and nothing passes for that', async () => {
      server.kubectl(['create', 'serviceaccount', 'reader', '--namespace=default']);
      const token = server.kubectl(['create', 'token', 'reader', '--namespace=default']).trim();
      const kubeconfig = join(server.directory, 'reader.conf');
      writeFileSync(kubeconfig, readFileSync(server.kubeconfig), { mode: 0o600 });
      const config = (...args: string[]) =>
        execFileSync(programs.kubectl, [`--kubeconfig=${kubeconfig}`, 'config', ...args]);
      config('set-credentials', 'reader', `--token=${token}`);
      config('set-context', '--current', '--user=reader');
      const inventory = join(server.directory, 'hosts.ini');
      // Nobody listens there: the host is named and cannot be reached.
      writeFileSync(inventory, '[control_plane]\none ansible_host=127.0.0.1 ansible_port=1\n');
      const observation = await observe({ kubeconfig, inventory });
      const { rows } = judge(observation);
      expect(observation.warnings.join('\n')).toContain('nodes were not listed');
      expect(rowsOf(rows, 'access/cluster-admin-bindings')).toMatchObject([
        { verdict: 'not-observed', explained: true, observed: expect.stringContaining('forbidden') },
      ]);
      expect(rowsOf(rows, 'admission/pod-security').map(({ verdict }) => verdict)).not.toContain('pass');
      expect(rowsOf(rows, 'node/kubelet-unit')[0]?.observed).toMatch(/no SSH: .*refused/i);
      expect(rows.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
    }, 120_000);

    test('a canary is made on demand only, and is gone afterwards', async () => {
      const observation = await observe({ canary: true });
      const audit = judge(observation).rows.filter(({ control }) => control === 'audit/no-secret-bodies');
      expect(audit[0]?.observed).toContain('no SSH to a control plane');
      expect(await secrets()).toEqual([]);
      expect(observation.warnings.join('\n')).not.toContain('canary');
    }, 120_000);

    test('each kubelet is asked for its own configuration', async () => {
      await server.request('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'two' } });
      // An address of this computer where no kubelet listens; the API server connects to none on loopback.
      const [address = ''] = Object.values(networkInterfaces()).flatMap((all = []) =>
        all.flatMap(({ family, internal, address: one }) => (family === 'IPv4' && !internal ? [one] : [])),
      );
      const status = { addresses: [{ type: 'InternalIP', address }] };
      await server.request('PATCH', '/api/v1/nodes/two/status', { status });
      const { observations } = await observe();
      await server.request('DELETE', '/api/v1/nodes/two');
      const asked = observations.flatMap(({ observations: all }) =>
        Object.entries(all).filter(([key]) => key.startsWith('configz ')),
      );
      expect(asked).toEqual([
        ['configz of=one', { unseen: 'address not allowed' }],
        ['configz of=two', { unseen: expect.stringContaining(`${address}:10250`) }],
      ]);
    }, 120_000);

    test('a server that is not there, and a kubeconfig that is none, are errors with a way out', async () => {
      const kubeconfig = join(server.directory, 'gone.conf');
      writeFileSync(kubeconfig, readFileSync(server.kubeconfig, 'utf8').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
      await expect(observe({ kubeconfig })).rejects.toThrow('FOREIGN_API_UNREACHABLE');
      await expect(observe({ kubeconfig: '/nowhere' })).rejects.toThrow('FOREIGN_KUBECONFIG');
    }, 60_000);
  });
});
