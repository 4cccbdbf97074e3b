import { spawn } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../attacks/attack';
import { bulwark, jsonOf } from './support/bulwark';
import { labDirectory, labs, runningLab, stateOf, type UpResult, unproven } from './support/cluster';
import { sshRoot } from './support/lab-target';
import { inside } from './support/processes';
import { SecretSampler } from './support/secret-sampler';
import { passingVaults, secretsOf } from './support/secrets';
import { must } from './support/shell';
import { timed } from './support/timing';

/** Where no secret may ever lie: on the operator's machine and on the nodes. */
const directories = ['tmp', 'var/tmp', 'dev/shm', 'var/log', 'home', 'root/.ansible', 'var/lib/bulwark', 'run/systemd'];

const canary = 'canary-c0ffee5ec2e7';

describe('a hardened cluster from one command', () => {
  let up: Outcome;
  let sampler: SecretSampler;

  beforeAll(async () => {
    await timed('lab machines', async () => {
      const machines = ['lab', 'up', '--name', labs.hardened, '--workers', '2', '--machines-only', '--yes', '--json'];
      expect(await bulwark(machines)).toMatchObject({ code: 0 });
    });
    const { nodes } = await runningLab(labs.hardened);
    const machines = await Promise.all(nodes.map(({ name }) => inside(labs.hardened, name)));
    sampler = new SecretSampler({
      machines: () => [{ name: 'operator', root: '/' }, ...machines],
      directories,
      vaults: Object.values(passingVaults),
      ignored: readdirSync('/tmp').map((name) => `tmp/${name}`),
    });
    sampler.start();
    plantCanaries(machines[1]?.root ?? '');
    up = await timed('bulwark lab up', () => bulwark(['lab', 'up', '--name', labs.hardened, '--yes', '--json']));
    sampler.stop();
  });

  test('ends well', () => {
    expect({ code: up.code, said: up.code === 0 ? '' : up.stderr.slice(-4000) }).toEqual({ code: 0, said: '' });
    expect(jsonOf<UpResult>(up).nodes.map(({ name }) => name)).toEqual(['cp-1', 'worker-1', 'worker-2']);
  });

  test('proves every control: nothing failed, nothing unseen without a reason', () => {
    const { evidence } = jsonOf<UpResult>(up);
    expect(unproven(evidence)).toEqual([]);
    expect(evidence.total.pass).toBeGreaterThan(50);
  });

  test('shows no secret in arguments, environments, logs and temporary files', async () => {
    const lab = await runningLab(labs.hardened);
    sampler.add('standard output of bulwark', up.stdout);
    sampler.add('standard error of bulwark', up.stderr);
    for (const node of lab.nodes) {
      const journal = await must(sshRoot(lab, node, 'journalctl --no-pager --output=cat'));
      sampler.add(`journal of ${node.name}`, journal);
    }
    const secrets = await secretsOf(lab, sampler);
    // Every value must be known, or its absence would mean nothing.
    for (const [name, values] of secrets) expect({ name, known: values.length > 0 }).toEqual({ name, known: true });
    process.stderr.write(
      `    ${sampler.rounds} rounds, ${[...secrets.values()].flat().length} values of ${secrets.size} secrets\n`,
    );
    expect(sampler.find(secrets)).toEqual([]);
  });

  test('would have found one: canaries in an argument, an environment, a temporary file and a log of a node', () => {
    const places = ['argv', 'environ', 'file', 'log'];
    const found = sampler.find(new Map(places.map((place) => [place, [`${canary}-${place}`]])));
    expect([...new Set(found.map(({ secret }) => secret))].sort()).toEqual([...places].sort());
  });

  test('keeps credentials on the operator’s machine to the operator', () => {
    const credentials = [
      join(stateOf(labs.hardened), 'kubeconfig'),
      join(labDirectory(labs.hardened), 'machines/identity'),
    ];
    expect(credentials.map((file) => (statSync(file).mode & 0o777).toString(8))).toEqual(['600', '600']);
  });
});

/** Leaves what a careless program would leave, for a second, on a node while the command works on it. */
function plantCanaries(root: string): void {
  const file = join(root, tmpdir(), 'careless');
  const log = join(root, 'var/log/careless.log');
  setTimeout(() => {
    spawn('sleep', ['1'], { argv0: `${canary}-argv`, env: { CARELESS: `${canary}-environ` }, stdio: 'ignore' });
    writeFileSync(file, `${canary}-file`);
    writeFileSync(log, `${canary}-log`);
    setTimeout(() => {
      rmSync(file);
      rmSync(log);
    }, 1000);
  }, 3000);
}
