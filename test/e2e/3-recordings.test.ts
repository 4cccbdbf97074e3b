import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeBenchDeviations, kubeBenchOfUsers } from '../../lib/benchmarks/kube-bench-deviations';
import { isProven } from '../../lib/evidence';
import { ApiProxy } from '../../observe/foreign/api-proxy';
import { discoverCluster } from '../../observe/foreign/discover';
import { notRun } from '../support/judges';
import { bulwark, jsonOf } from './support/bulwark';
import { artifacts, labs, runningLab, specOf, stateOf, stockKubeconfig, verify } from './support/cluster';
import { findKubeBench, runKubeBench } from './support/kube-bench';
import { type Recording, readRecording, record, recordFacts } from './support/recording';
import { startStockCluster } from './support/stock-cluster';
import { timed } from './support/timing';
import { workDirectory } from './support/work-directory';

describe('what real clusters look like', () => {
  /** What stands for a lab's addresses in the recordings. */
  const standInsOf = async (lab: string) => {
    const machines = await runningLab(lab);
    return new Map([
      ...machines.nodes.map(({ address }, index) => [address, `192.0.2.${11 + index}`] as const),
      [machines.network.gateway, '192.0.2.1'],
      [machines.network.subnet.replace(/\/.*/, ''), '192.0.2.0'] as const,
    ]);
  };
  const recordOf = async (name: 'stock' | 'hardened', lab: string): Promise<Recording> => {
    const observed = JSON.parse(readFileSync(join(stateOf(lab), 'observations.json'), 'utf8')) as Recording;
    await record(name, observed.release, observed.nodes, await standInsOf(lab));
    return readRecording(name);
  };

  test('a stock kubeadm cluster starts on a machine of its own', async () => {
    const up = ['lab', 'up', '--name', labs.stock, '--workers', '0', '--machines-only', '--yes', '--json'];
    await timed('stock machine', async () => jsonOf(await bulwark(up)));
    const bundle = join(workDirectory, 'stock-bundle');
    expect(await bulwark(['synth', specOf(labs.stock), '--out', bundle])).toMatchObject({ code: 0 });
    const manifests = join(bundle, 'manifests');
    const seconds = await timed('stock cluster', async () =>
      startStockCluster({
        machines: await runningLab(labs.stock),
        artifacts: await artifacts(),
        network: readdirSync(manifests)
          .sort()
          .map((file) => readFileSync(join(manifests, file), 'utf8')),
        podCidr: '10.244.0.0/16',
        kubeconfig: stockKubeconfig,
      }),
    );
    process.stderr.write(`    ${seconds.toFixed(1).padStart(6)} s  of these kubeadm init\n`);
  });

  test('the stock cluster is recorded, and is not proven', async () => {
    const evidence = await timed('bulwark verify on stock', () => verify(labs.stock));
    expect(isProven(evidence)).toBe(false);
    const { nodes } = await recordOf('stock', labs.stock);
    expect(nodes.map(({ role }) => role)).toEqual(['control-plane']);
  });

  test.each([
    ['stock', labs.stock, () => stockKubeconfig],
    ['hardened', labs.hardened, () => join(stateOf(labs.hardened), 'kubeconfig')],
  ] as const)('what the API of the %s cluster tells is recorded', async (name, lab, kubeconfig) => {
    const kubectl = join((await artifacts()).directory, 'bin/kubectl');
    const directory = mkdtempSync(join(tmpdir(), 'bulwark-facts-'));
    const api = await ApiProxy.start({ kubectl, kubeconfig: kubeconfig() }, directory);
    try {
      const facts = await discoverCluster(api);
      expect(Object.entries(facts).filter(([, seen]) => 'unseen' in seen)).toEqual([]);
      await recordFacts(name, facts, await standInsOf(lab));
    } finally {
      await api.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('the hardened cluster is recorded, and is proven', async () => {
    const evidence = await timed('bulwark verify', () => verify(labs.hardened));
    expect(isProven(evidence)).toBe(true);
    const { nodes } = await recordOf('hardened', labs.hardened);
    expect(nodes.map(({ role }) => role)).toEqual(['control-plane', 'worker', 'worker']);
  });

  const kubeBench = findKubeBench();
  if (kubeBench) {
    test('kube-bench says FAIL or WARN on the hardened cluster only to what is answered or listed as open', async () => {
      const machines = await runningLab(labs.hardened);
      const kubeconfig = join(stateOf(labs.hardened), 'kubeconfig');
      const nodes = machines.nodes.filter(({ name }) => name !== 'worker-2');
      const lines = await Promise.all(nodes.map((node) => runKubeBench(kubeBench, machines, node, kubeconfig)));
      const answered = kubeBenchDeviations.filter(({ result }) => result === 'FAIL').map(({ id }) => id);
      const failed = lines
        .flat()
        .filter(({ result }) => result === 'FAIL')
        .map(({ id }) => id);
      expect(lines.flat().length).toBeGreaterThan(100);
      expect(failed.filter((id) => !answered.includes(id))).toEqual([]);
      const known = [...kubeBenchDeviations.map(({ id }) => id), ...kubeBenchOfUsers];
      const warned = lines.flat().filter(({ result }) => result === 'WARN');
      expect(warned.map(({ id }) => id).filter((id) => !known.includes(id))).toEqual([]);
    });
  } else {
    notRun('kube-bench cis-1.12 on the nodes of the lab', 'kube-bench is not on PATH, or its checks are not beside it');
  }
});
