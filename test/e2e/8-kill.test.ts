import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bulwark, jsonOf, startBulwark } from './support/bulwark';
import { labs, specOf, type UpResult, unproven } from './support/cluster';
import { type Inside, inside, runs } from './support/processes';
import { eventually } from './support/shell';
import { timed } from './support/timing';

/** A moment of a run: what the command says, and what is then seen on the nodes. */
interface Moment {
  readonly phase: string;
  readonly says: RegExp;
  readonly seen: (controlPlane: Inside, worker: Inside) => boolean;
}

const has = ({ root }: Inside, path: string) => existsSync(join(root, path));
const always = () => true;

/** In the order in which a run comes by. */
const moments: readonly Moment[] = [
  {
    phase: 'file lay-down',
    says: /Lay down the tree/,
    seen: (controlPlane) => has(controlPlane, 'etc/kubernetes/bulwark'),
  },
  {
    phase: 'init',
    says: /Initialise the first control plane/,
    seen: (controlPlane) =>
      runs(controlPlane, /kubeadm init /) && has(controlPlane, 'etc/kubernetes/manifests/etcd.yaml'),
  },
  { phase: 'CNI', says: /Apply the cluster's objects/, seen: always },
  { phase: 'join', says: /Join the cluster/, seen: (_, worker) => runs(worker, /kubeadm join /) },
  { phase: 'clean-up', says: /Revoke join tokens|Restart what changed/, seen: always },
];

describe('a run that is killed, with every process that it started', () => {
  let controlPlane: Inside;
  let worker: Inside;

  beforeAll(async () => {
    // One lab at a time: the machine is small.
    for (const name of [labs.stock, labs.hardened]) await bulwark(['lab', 'down', '--name', name]);
    const up = ['lab', 'up', '--name', labs.killed, '--workers', '1', '--machines-only', '--yes', '--json'];
    jsonOf(await timed('machines', () => bulwark(up)));
    controlPlane = await inside(labs.killed, 'cp-1');
    worker = await inside(labs.killed, 'worker-1');
  });

  // Each run has to get over what the killed ones before it left behind, or it never reaches its own moment.
  test.each(moments)('in $phase', async ({ phase, says, seen }) => {
    let said = false;
    let ended = false;
    const run = startBulwark(['up', specOf(labs.killed), '--yes', '--no-preview', '--json'], (line) => {
      said ||= says.test(line);
    });
    void run.done.then(() => {
      ended = true;
    });
    await timed(`until ${phase}`, async () => {
      while (!said || !seen(controlPlane, worker)) {
        if (ended) throw new Error(`the run ended before ${phase}: ${(await run.done).stderr.slice(-3000)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    // The command and Ansible at least: workers and their connections come and go between two steps.
    expect(run.kill()).toBeGreaterThanOrEqual(2);
    expect(await run.done).toMatchObject({ code: 137 });
  });

  test('converges when it is started again, and once more changes nothing', async () => {
    const again = () => bulwark(['up', specOf(labs.killed), '--yes', '--no-preview', '--json']);
    const up = await timed('the next run', again);
    expect({ code: up.code, said: up.code === 0 ? '' : up.stderr.slice(-4000) }).toEqual({ code: 0, said: '' });
    expect(unproven(jsonOf<UpResult>(up).evidence)).toEqual([]);
    expect(jsonOf<UpResult>(await again()).nodes.flatMap(({ changes }) => changes)).toEqual([]);
  });

  test('leaves no credential and no token behind', async () => {
    await eventually('clean nodes', 5, async () => {
      const left = [
        'etc/kubernetes/admin.conf',
        'etc/kubernetes/super-admin.conf',
        'etc/kubernetes/bulwark/kubeadm/discovery.conf',
      ];
      return ![controlPlane, worker].some((machine) => left.some((path) => has(machine, path)));
    });
  });
});
