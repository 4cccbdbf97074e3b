import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../attacks/attack';
import { installPackage, packAs, packPackage } from '../support/packed-package';
import { describeOnEngine, PulumiProject } from '../support/pulumi-engine';
import { bulwark } from './support/bulwark';
import { artifacts, labs, runningLab } from './support/cluster';
import { sshRoot } from './support/lab-target';
import { inside } from './support/processes';
import { SecretSampler } from './support/secret-sampler';
import { passingVaults, secretsOf } from './support/secrets';
import { eventually, must } from './support/shell';
import { timed } from './support/timing';
import { workDirectory } from './support/work-directory';

const lab = labs.pulumi;

/** The whole program of a user. */
const program = (workers: number, more = '') => `
import { HardenedCluster, LabNodes } from 'bulwark/stacks';

const nodes = new LabNodes('${lab}', { workers: ${workers} });
const cluster = new HardenedCluster('${lab}', { nodes${more} });
export const { endpoint, evidence, kubeconfig, nodeStates } = cluster;
`;

/** The same with objects on the cluster: a namespace, and what lies in it. */
const withObjects = (name: string) => `
import { HardenedNamespace } from 'bulwark/constructs';
import { PlatformManifests } from 'bulwark/stacks';
import { ApiObject, App, Chart } from 'cdk8s';
${program(1)}
const app = new App();
const chart = new Chart(app, 'team');
new HardenedNamespace(chart, 'shop', { name: 'shop', minor: '1.36' });
new ApiObject(chart, '${name}', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '${name}', namespace: 'shop' } });
new PlatformManifests('team', { app, kubeconfig: cluster.kubeconfig, clusterIdentifier: '${lab}' });
`;

/** The same cluster, called otherwise. */
const renamed = (from: string, to: string) => `
import { HardenedCluster, LabNodes } from 'bulwark/stacks';

const aliases = [{ name: '${from}' }];
const nodes = new LabNodes('${to}', { workers: 1 }, { aliases });
const cluster = new HardenedCluster('${to}', { nodes }, { aliases });
export const { endpoint, evidence, nodeStates } = cluster;
`;

const encrypted = ", spec: { encryption: { resources: ['deployments.apps'] } }";
const opened = `, spec: nodes.spec.apply(({ networking }) => ({
  networking: { ...networking!, allowedApiCidrs: ['0.0.0.0/0'] },
}))`;

const packages = ['cdk8s', 'cdk8s-plus-27', 'constructs', '@pulumi/pulumi', '@pulumi/kubernetes'];

/** What the display says when the engine is killed, in the order in which a run comes by. */
const moments = [
  'Wait for the lock',
  'Lay down the tree',
  "Apply the cluster's objects",
  'Join the cluster',
  'Observe',
];

describeOnEngine('a cluster from a Pulumi program', ['pulumi', 'pulumi-language-nodejs'], () => {
  const folder = join(workDirectory, 'pulumi');
  let project: PulumiProject;

  const said = ({ stdout, stderr }: Outcome) => `${stdout}\n${stderr}`.replace(/^@.*\n/gm, '');
  const succeed = async (title: string, args: readonly string[]): Promise<string> => {
    const outcome = await timed(title, () => project.run(args));
    const failed = outcome.code === 0 ? '' : said(outcome).slice(-4000);
    expect({ code: outcome.code, failed }).toEqual({ code: 0, failed: '' });
    return said(outcome);
  };
  const fail = async (title: string, args: readonly string[]): Promise<string> => {
    const outcome = await timed(title, () => project.run(args));
    expect(outcome.code).not.toBe(0);
    return said(outcome);
  };
  const update = ['up', '--yes', '--skip-preview'];
  const up = (title: string) => succeed(title, update);
  const output = async (name: string) => JSON.parse(await succeed(name, ['stack', 'output', name, '--json']));
  const expectProven = async () => {
    expect(await output('evidence')).toMatchObject({ fail: 0, error: 0, 'not-observed': 0 });
    await succeed('preview of nothing', ['preview', '--expect-no-changes']);
  };
  const everywhere = (argv: readonly string[]) =>
    runningLab(lab).then(({ nodes }) =>
      Promise.all(nodes.map(({ name }) => must(['podman', 'exec', `bulwark-${lab}-${name}`, ...argv]))),
    );
  const onControlPlane = async (script: string) => {
    const machines = await runningLab(lab);
    return must(sshRoot(machines, machines.nodes[0] ?? { address: '' }, script));
  };
  /** Whether a process runs on the control plane, in a pod or not. */
  const runsThere = async (pattern: RegExp) => {
    const list = 'for one in /proc/[0-9]*/cmdline; do tr "\\0" " " < $one; echo; done 2> /dev/null';
    const listed = await must(['podman', 'exec', `bulwark-${lab}-cp-1`, 'sh', '-c', list]);
    return listed.split('\n').some((argv) => pattern.test(argv));
  };
  /** Starts an update and sends its engine a signal at a moment. */
  const interrupt = async (signal: NodeJS.Signals, moment: string): Promise<Outcome> => {
    let pid = 0;
    let seen = '';
    return timed(`${signal} at "${moment}"`, () =>
      project.run(update, {
        onStart: (started) => {
          pid = started;
        },
        onOutput: (text) => {
          const before = seen.includes(moment);
          seen += text;
          if (!before && seen.includes(moment)) process.kill(pid, signal);
        },
      }),
    );
  };

  beforeAll(async () => {
    // One lab at a time: the machine is small.
    for (const name of Object.values(labs)) await bulwark(['lab', 'down', '--name', name]);
    rmSync(folder, { recursive: true, force: true });
    const app = join(folder, 'app');
    expect(installPackage(app, packPackage(folder), packages)).toBe('');
    project = new PulumiProject(app, program(1));
    await succeed('stack init', ['stack', 'init', 'dev']);
  });

  test('is previewed without a machine, made and proven, and keeps no secret in the stack', async () => {
    expect(await succeed('preview', ['preview'])).toContain('+ 5 to create');
    const machines: { name: string; root: string }[] = [];
    const vaults = Object.values(passingVaults);
    const sampler = new SecretSampler({ machines: () => machines, directories: [], vaults });
    sampler.start();
    const making = up('up from nothing');
    await Promise.race([
      making,
      eventually('machines', 600, async () => {
        for (const name of ['cp-1', 'worker-1']) {
          const machine = await inside(lab, name).catch(() => undefined);
          if (machine && !machines.some((known) => known.name === name)) machines.push(machine);
        }
        return machines.length === 2;
      }),
    ]);
    await making;
    sampler.stop();
    await expectProven();

    const exported = await succeed('export', ['stack', 'export', '--show-secrets']);
    sampler.add('stack export', exported);
    for (const { file, text } of project.kept()) sampler.add(file, text);
    const secrets = await secretsOf(await runningLab(lab), sampler);
    for (const [name, values] of secrets) expect({ name, known: values.length > 0 }).toEqual({ name, known: true });
    expect(sampler.find(secrets)).toEqual([]);
    // Would have found one: the certificate, which is no secret, is in every state.
    expect(sampler.find(new Map([['certificate', ['BEGIN CERTIFICATE']]]))).not.toEqual([]);
  }, 1_800_000);

  test('is asked nothing where nothing changed: nobody listens to SSH', async () => {
    await everywhere(['systemctl', 'stop', 'ssh.socket', 'ssh.service']);
    try {
      expect(await up('up with nothing changed')).toMatch(/5 unchanged/);
      project.write(renamed(lab, 'other'));
      expect(await up('up with another name')).toMatch(/5 unchanged/);
      project.write(renamed('other', lab));
      expect(await up('up with the old name')).toMatch(/5 unchanged/);
    } finally {
      await everywhere(['systemctl', 'start', 'ssh.service']);
    }
  });

  test('is looked at by another release of the package, which changes nothing', async () => {
    project.write(program(1));
    expect(installPackage(project.directory, packAs(folder, '99.0.0'), packages)).toBe('');
    const upgraded = await up('up with another release');
    for (const node of ['cp-1', 'worker-1']) expect(upgraded).toContain(`${node}: no change`);
    await expectProven();
  });

  describeOnEngine('and its objects', ['pulumi-resource-kubernetes'], () => {
    /** Names in the cluster, as whoever has the stack's kubeconfig sees them. */
    const listed = async (...args: readonly string[]) => {
      const kubeconfig = join(project.directory, 'kubeconfig');
      writeFileSync(kubeconfig, await succeed('kubeconfig', ['stack', 'output', 'kubeconfig']));
      const kubectl = join((await artifacts()).directory, 'bin/kubectl');
      const argv = [kubectl, `--kubeconfig=${kubeconfig}`, 'get', '-o=name', ...args];
      return must(argv, { directory: project.directory });
    };

    test('come and go with the lines of the program, by a credential that is minted for each run', async () => {
      project.write(withObjects('red'));
      await up('up with objects');
      expect(await listed('configmaps', '-n=shop')).toContain('configmap/red');
      await succeed('preview of objects', ['preview', '--expect-no-changes']);
      project.write(withObjects('blue'));
      await up('up with another object');
      expect(await listed('configmaps', '-n=shop')).toContain('configmap/blue');
      expect(await listed('configmaps', '-n=shop')).not.toContain('configmap/red');
      project.write(program(1));
      expect(await up('up without objects')).toMatch(/5 unchanged/);
      expect(await listed('namespaces')).not.toContain('shop');
    });
  });

  test('shows drift by control in a refresh, and the next update repairs it', async () => {
    await onControlPlane(`
      sed -i s/--profiling=false/--profiling=true/ /etc/kubernetes/manifests/kube-scheduler.yaml
      chmod 0644 /etc/kubernetes/manifests/etcd.yaml
      sysctl -qw net.ipv4.conf.all.accept_redirects=1`);
    await eventually('drift', 60, () => runsThere(/^kube-scheduler .*--profiling=true/));
    const refreshed = await succeed('refresh', ['refresh', '--yes', '--skip-preview']);
    const controls = ['kube-scheduler/profiling', 'node/static-pod-manifests', 'node/network-parameters'];
    expect(controls.filter((control) => !refreshed.includes(`drift: ${control}: cp-1: `))).toEqual([]);
    await up('repair');
    await expectProven();
    await succeed('refresh of nothing', ['refresh', '--yes', '--skip-preview', '--expect-no-changes']);
  });

  test('is not weakened without a waiver or leave', async () => {
    project.write(program(1, opened));
    const refused = await fail('preview', ['preview']);
    expect(refused).toContain('the cluster would get weaker: networking.allowedApiCidrs 0.0.0.0/0 may connect too');
    await succeed('leave', ['config', 'set', 'bulwark:allowWeaker', 'true']);
    expect(await succeed('preview', ['preview'])).toContain('gets weaker: networking.allowedApiCidrs 0.0.0.0/0');
    await succeed('no leave', ['config', 'rm', 'bulwark:allowWeaker']);
  });

  test('fails with the reason where a node does not answer, and goes on when it does', async () => {
    project.write(program(1, encrypted));
    const worker = `bulwark-${lab}-worker-1`;
    await must(['podman', 'pause', worker]);
    try {
      expect(await fail('update', update)).toMatch(/worker-1.*(timed out|unreachable|no connection)/is);
    } finally {
      await must(['podman', 'unpause', worker]);
    }
    await up('update again');
    await expectProven();
  });

  test('converges after Ctrl-C without anything else, and after deaths of the engine with one `pulumi cancel`', async () => {
    project.write(program(2, encrypted));
    const interrupted = await interrupt('SIGINT', 'Lay down the tree');
    expect(interrupted.code).not.toBe(0);
    expect(said(interrupted)).toContain('the run was interrupted');
    for (const moment of moments) {
      expect((await interrupt('SIGKILL', moment)).code).toBe(137);
      await eventually('the end of the provider', 60, async () => !(await providerLives()));
      await succeed('cancel', ['cancel', '--yes']);
    }
    await up('up after them');
    await expectProven();
    expect(Object.keys(await output('nodeStates'))).toEqual(['cp-1', 'worker-1', 'worker-2']);
  }, 1_800_000);

  test('loses a worker that the program takes out', async () => {
    project.write(program(1, encrypted));
    expect(await up('up without worker-2')).toContain('worker-2: left the cluster, and its machine was reset');
    expect(existsSync(join((await inside(lab, 'worker-2')).root, 'etc/kubernetes/kubelet.conf'))).toBe(false);
    await expectProven();
    expect(Object.keys(await output('nodeStates'))).toEqual(['cp-1', 'worker-1']);
  });

  test('outlives its stack, unless the program says otherwise', async () => {
    const lives = () => runsThere(/^kube-apiserver /);
    expect(await succeed('destroy', ['destroy', '--yes', '--skip-preview'])).toContain(`${lab} is left on its nodes`);
    expect(await lives()).toBe(true);
    project.write(program(1, `${encrypted}, destroyCluster: true`));
    await up('up over a cluster that is there');
    await expectProven();
    await succeed('destroy', ['destroy', '--yes', '--skip-preview']);
    expect(await lives()).toBe(false);
  }, 1_800_000);

  const providerLives = async () => {
    const listed = await must(['ps', '-eo', 'args']);
    return listed
      .split('\n')
      .some((line) => line.includes(join(folder, 'app')) && /pulumi-resource-bulwark/.test(line));
  };
});
