import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import type { Outcome } from '../attacks/attack';
import { restrictedPod, restrictedSpec } from '../attacks/pod-specs';
import { create } from '../attacks/steps';
import { bulwark, jsonOf, startBulwark } from './support/bulwark';
import { hardenedTarget, labs, runningLab, specOf, type UpResult, unproven } from './support/cluster';
import { differing, type Fingerprint, fingerprints } from './support/fingerprint';
import type { LabTarget } from './support/lab-target';
import { inside, runs } from './support/processes';
import { eventually } from './support/shell';
import { timed } from './support/timing';

const namespace = 'leaving';
const leaver = 'worker-2';

/** What a membership is written down in, on the nodes that stay. Nothing else may change there. */
const addresses = '/etc/nftables.d/bulwark.nft';
const approver = '/etc/kubernetes/bulwark/approver/nodes.json';
/** What the timer looks at, and where it may connect to. */
const verification = ['/etc/kubernetes/bulwark/verification/', '/etc/systemd/system/bulwark-observe.service'];

describe('a worker that leaves the spec, and comes back', () => {
  const spec = specOf(labs.hardened);
  let whole: string;
  let target: LabTarget;
  let before: readonly Fingerprint[];

  const up = () => bulwark(['up', spec, '--yes', '--json']);
  const kubectl = async (...args: string[]) => (await target.kubectl(args)).stdout.trim();
  const isCordoned = async () =>
    (await kubectl('get', 'node', leaver, '-o', 'jsonpath={.spec.unschedulable}')) === 'true';
  const made = async (object: object) => {
    const { code, stderr } = await create(target, object);
    if (code !== 0) throw new Error(stderr);
  };

  beforeAll(async () => {
    target = await hardenedTarget();
    whole = readFileSync(spec, 'utf8');
    await made({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const on = { image: target.image, node: leaver };
    await made(restrictedPod({ ...on, name: 'alone', namespace }));
    const labels = { app: 'quorum' };
    await made({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'quorum', namespace },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: restrictedSpec({ ...on, name: 'quorum' }) },
      },
    });
    await made({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'quorum', namespace },
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    });
    await kubectl('wait', '-n', namespace, 'pod', '--all', '--for=condition=Ready', '--timeout=60s');
    before = await fingerprints(await runningLab(labs.hardened));
    writeFileSync(spec, without(leaver, whole));
  });
  afterAll(() => target?.close());

  /** Nothing but the list of members may have changed on the nodes that stay. */
  const expectUntouched = async (earlier: readonly Fingerprint[]) => {
    const later = await fingerprints(await runningLab(labs.hardened));
    for (const one of earlier.filter(({ node }) => node !== leaver)) {
      const { files, started } = differing(one, later.find(({ node }) => node === one.node) as Fingerprint);
      const leads = one.node === target.controlPlane.name;
      const others = files.filter((file) => !verification.some((own) => file?.startsWith(own)));
      expect(others).toEqual(leads ? [approver, addresses] : [addresses]);
      expect(started).toEqual(leads ? ['bulwark-csr-approver.service'] : []);
    }
  };

  test('stops before anything changes where a pod would be lost', async () => {
    const refused = await timed('bulwark up, with a pod that nobody would make anew', up);
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain(`no controller that would make them anew: ${namespace}/alone`);
    expect(await isCordoned()).toBe(false);
    expect(await fingerprints(await runningLab(labs.hardened))).toEqual(before);
    await kubectl('delete', 'pod', '-n', namespace, 'alone');
  });

  test('waits for a budget, says so, and ends with Ctrl-C: pods still run, and the node is cordoned', async () => {
    let waits = false;
    const run = startBulwark(['up', spec, '--yes', '--json'], (line) => {
      if (waits || !/waiting: leaving\/quorum-.*disruption budget/.test(line)) return;
      waits = true;
      run.interrupt();
    });
    const interrupted: Outcome = await timed('bulwark up, interrupted in its drain', () => run.done);
    expect({ waits, code: interrupted.code }).toEqual({ waits: true, code: 130 });
    expect(interrupted.stderr).toMatch(
      /now leaving\/quorum-\S+: Cannot evict pod.* the drain waits 300 s for it to pass/,
    );
    expect(await isCordoned()).toBe(true);
    expect(await kubectl('get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[*].status.phase}')).toBe('Running');
    await kubectl('delete', 'poddisruptionbudget', '-n', namespace, 'quorum');
  });

  test('leaves when the same command is started again; the other nodes learn of it and nothing else', async () => {
    const result = jsonOf<UpResult>(await timed('bulwark up, without the worker', up));
    expect(result.removed).toMatchObject({ nodes: [leaver], forgotten: [] });
    expect(unproven(result.evidence)).toEqual([]);
    expect(await kubectl('get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}')).toBe('cp-1 worker-1');
    const machine = await inside(labs.hardened, leaver);
    const left = [
      'etc/kubernetes/kubelet.conf',
      'var/lib/kubelet/pki',
      'etc/nftables.d/bulwark.nft',
      'usr/bin/kubelet',
    ];
    expect(left.filter((path) => existsSync(join(machine.root, path)))).toEqual([]);
    expect(runs(machine, /kubelet|containerd/)).toBe(false);
    await expectUntouched(before);
  });

  test('joins again when it is put back, and again the other nodes learn of it and nothing else', async () => {
    const alone = await fingerprints(await runningLab(labs.hardened));
    writeFileSync(spec, whole);
    const result = jsonOf<UpResult>(await timed('bulwark up, with the worker again', up));
    expect(unproven(result.evidence)).toEqual([]);
    await eventually('a pod on its node', 60, async () => {
      return (await kubectl('get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[*].spec.nodeName}')) === leaver;
    });
    await expectUntouched(alone);
  });
});

/** The spec without one of its nodes; comments stay. */
function without(node: string, text: string): string {
  const document = parseDocument(text);
  const nodes = document.get('nodes');
  if (!isSeq(nodes)) throw new Error('the spec has no list of nodes');
  const index = nodes.items.findIndex((item) => isMap(item) && item.get('name') === node);
  if (index < 0) throw new Error(`the spec has no node ${node}`);
  nodes.delete(index);
  return document.toString();
}
