import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Evidence } from '../../lib/evidence';
import { bulwark, jsonOf } from './support/bulwark';
import { labs, runningLab, stockKubeconfig } from './support/cluster';
import { inventoryOf, sshRoot } from './support/lab-target';
import { must } from './support/shell';
import { timed } from './support/timing';
import { workDirectory } from './support/work-directory';

/** What kube-bench's cis-1.12 fails on a cluster that kubeadm 1.36 made with its defaults. */
const ofArguments = ['1.2.5', '1.2.15', '1.2.16', '1.2.17', '1.2.18', '1.2.19', '1.2.30', '1.3.2', '1.4.1'];
const ofFiles = ['1.1.12', '4.1.1', '4.1.9'];

/** What `bulwark import --json` prints. */
interface Imported {
  readonly changes: Evidence['rows'];
  readonly lost: readonly string[];
  readonly unpinned: readonly string[];
}

describe('the stock cluster, judged as one that somebody else built', () => {
  const inventory = join(workDirectory, 'stock.ini');
  beforeAll(async () => writeFileSync(inventory, inventoryOf(await runningLab(labs.stock)), { mode: 0o600 }));

  const judged = async (what: string, ...options: string[]): Promise<Evidence> => {
    const args = ['verify', '--kubeconfig', stockKubeconfig, '--name', 'stock', '--json', ...options];
    const outcome = await timed(what, () => bulwark(args, { directory: workDirectory }));
    expect({ code: outcome.code, said: outcome.code === 9 ? '' : outcome.stderr }).toEqual({ code: 9, said: '' });
    return jsonOf<Evidence>(outcome);
  };
  /** The listed ids that no control with a verdict of `fail` answers. */
  const unanswered = ({ controls }: Evidence, ids: readonly string[]) =>
    ids.filter((id) => !controls.some(({ sources, verdict }) => sources.includes(`cis ${id}`) && verdict === 'fail'));
  const broken = ({ rows }: Evidence) =>
    rows.filter(({ verdict, explained }) => verdict === 'error' || explained === false);
  const rowsOf = ({ rows }: Evidence, control: string) => rows.filter((row) => row.control === control);
  /** Every file of the node that may not change, and every Secret. */
  const traces = async () => {
    const machines = await runningLab(labs.stock);
    const [machine] = machines.nodes;
    if (!machine) throw new Error('the stock lab has no machine');
    const files =
      'find /home /root/.ansible /root/.ssh /tmp /var/tmp /run/bulwark* /etc /usr/local -xdev 2>/dev/null | sort';
    const secrets = 'kubectl --kubeconfig=/etc/kubernetes/admin.conf get secrets --all-namespaces --no-headers -o name';
    return must(sshRoot(machines, machine, `${files}; ${secrets} | sort`));
  };

  test('by kubeconfig and inventory: all that kube-bench fails, and more, and nothing is left behind', async () => {
    const before = await traces();
    const evidence = await judged('bulwark verify of others, with SSH', '--inventory', inventory);
    expect(broken(evidence)).toEqual([]);
    expect(unanswered(evidence, [...ofArguments, ...ofFiles])).toEqual([]);
    expect(evidence.total.fail).toBeGreaterThan(ofArguments.length + ofFiles.length + 10);
    expect(rowsOf(evidence, 'audit/no-secret-bodies')).toContainEqual(
      expect.objectContaining({ verdict: 'not-observed', observed: expect.stringContaining('--canary') }),
    );
    expect(await traces()).toBe(before);
  });

  test('imported: a spec that stands, and what it changes is what the judgement finds', async () => {
    const spec = join(workDirectory, 'imported', 'cluster.yaml');
    mkdirSync(dirname(spec), { recursive: true });
    const before = await traces();
    const networks = ['--allowed-api-cidr', '198.51.100.0/24', '--operator-cidr', '198.51.100.7'];
    const from = ['--kubeconfig', stockKubeconfig, '--name', 'stock', '--inventory', inventory];
    const outcome = await timed('bulwark import of a cluster of others', () =>
      bulwark(['import', ...from, ...networks, '--out', spec, '--json'], { directory: workDirectory }),
    );
    const { changes, lost, unpinned } = jsonOf<Imported>(outcome);
    const { nodes } = await runningLab(labs.stock);
    expect(parse(readFileSync(spec, 'utf8'))).toMatchObject({
      name: 'stock',
      nodes: nodes.map(({ name, role, address, hostKey }) => ({ name, role, address, hostKey })),
      networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/12', dnsDomain: 'cluster.local' },
      cni: { name: 'cilium', kubeProxyReplacement: true },
    });
    expect(unpinned).toEqual([]);
    expect(lost.filter((line) => !/WireGuard|^workloads run on|^kubelet: /.test(line))).toEqual([]);
    expect(lost.join('\n')).toContain(`workloads run on ${nodes[0]?.name}`);
    const evidence = await judged('bulwark verify of others, beside the import', '--inventory', inventory);
    const failing = (rows: Evidence['rows']) =>
      rows.filter(({ verdict }) => verdict === 'fail').map(({ control, where }) => `${control} on ${where}`);
    expect(failing(changes)).toEqual(failing(evidence.rows));
    const synth = await bulwark(['synth', spec, '--out', join(workDirectory, 'imported', 'bundle')]);
    expect({ code: synth.code, said: synth.code === 0 ? '' : synth.stderr }).toEqual({ code: 0, said: '' });
    expect(await traces()).toBe(before);
  });

  test('by kubeconfig alone: what the arguments of the control plane show, and why nothing else is seen', async () => {
    const evidence = await judged('bulwark verify of others, without SSH');
    expect(broken(evidence)).toEqual([]);
    expect(unanswered(evidence, ofArguments)).toEqual([]);
    expect(unanswered(evidence, ofFiles)).toEqual(ofFiles);
    expect(
      rowsOf(evidence, 'node/kubelet-unit').map(({ verdict, observed }) => ({ verdict, observed })),
    ).toContainEqual({
      verdict: 'not-observed',
      observed: 'no SSH: no --inventory was given',
    });
  });

  test('with a canary: plain text in etcd, no audit log, and the Secret is gone again', async () => {
    const before = await traces();
    const evidence = await judged('bulwark verify of others, with a canary', '--inventory', inventory, '--canary');
    expect(broken(evidence)).toEqual([]);
    for (const control of ['secrets/encryption-at-rest', 'audit/changes', 'audit/no-secret-bodies']) {
      expect({ control, seen: rowsOf(evidence, control)[0]?.verdict }).toEqual({ control, seen: 'fail' });
    }
    expect(await traces()).toBe(before);
  });

  test('a host key that is not known is a reason, never a way in', async () => {
    const open = inventoryOf(await runningLab(labs.stock)).replace(
      /UserKnownHostsFile=[^\s']+/,
      'UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no',
    );
    const careless = join(workDirectory, 'careless.ini');
    writeFileSync(careless, `${open}ansible_host_key_checking=false\n`, { mode: 0o600 });
    const evidence = await judged('bulwark verify of others, host key unknown', '--inventory', careless);
    const [row] = rowsOf(evidence, 'node/kubelet-unit');
    expect(row).toMatchObject({ verdict: 'not-observed', explained: true });
    expect(row?.observed).toMatch(/^no SSH: .*host key verification failed/i);
  });
});
