import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureAnsible } from '../apply/ansible-environment';
import { packageRoot } from '../apply/package-root';
import { bulwark, jsonOf } from '../test/e2e/support/bulwark';
import { runningLab, specOf, stateOf, type UpResult } from '../test/e2e/support/cluster';
import { sshRoot } from '../test/e2e/support/lab-target';
import { must } from '../test/e2e/support/shell';
import { stockKubeadmConfig } from '../test/e2e/support/stock-cluster';
import { type Part, Timeline } from './timeline';

/** The lab that is measured. */
export const lab = 'bench';

/** A whole run of the command, and where its time went. */
export interface Run {
  readonly seconds: number;
  readonly parts: readonly Part[];
  readonly result: UpResult;
}

/** Runs `bulwark … --json` and takes its time. */
async function timedRun(args: readonly string[]): Promise<Run> {
  const timeline = new Timeline();
  const start = Date.now();
  const outcome = await bulwark([...args, '--json'], { onErrorLine: (line) => timeline.line(line) });
  const seconds = (Date.now() - start) / 1000;
  return { seconds, parts: timeline.parts(), result: jsonOf<UpResult>(outcome) };
}

/** Three nodes from nothing, with the artifacts and the machines' image at hand. */
export const threeNodes = (): Promise<Run> => timedRun(['lab', 'up', '--name', lab, '--workers', '2', '--yes']);

/** The same spec once more, as users run it: the preview finds nothing to do. */
export const secondRun = (): Promise<Run> => timedRun(['up', specOf(lab), '--yes']);

/** The same, applied all the same. */
export const secondRunApplied = (): Promise<Run> => timedRun(['up', specOf(lab), '--yes', '--no-preview']);

/** The least that Ansible takes: one task that does nothing, on the same nodes, in seconds. */
export async function oneTrivialTask(): Promise<number> {
  const { playbook } = await ensureAnsible(() => undefined);
  const play = [{ hosts: 'all', gather_facts: false, tasks: [{ name: 'Nothing', 'ansible.builtin.ping': {} }] }];
  const file = join(stateOf(lab), 'trivial.json');
  await writeFile(file, JSON.stringify(play));
  const start = Date.now();
  await must([playbook, '--inventory', join(stateOf(lab), 'bundle/inventory.yaml'), file], {
    environment: { ANSIBLE_CONFIG: join(packageRoot(), 'ansible/ansible.cfg') },
  });
  return (Date.now() - start) / 1000;
}

/** Seconds of `kubeadm init`, each time on the same reset node, with kubeadm's defaults and with our documents. */
export interface InitTimes {
  readonly stock: readonly number[];
  readonly hardened: readonly number[];
}

/** Takes the cluster off its first node and runs `kubeadm init` there, by turns. The cluster is gone afterwards. */
export async function initTimes(rounds: number): Promise<InitTimes> {
  const machines = await runningLab(lab);
  const [node] = machines.nodes;
  if (!node) throw new Error(`lab ${lab} has no machine`);
  const root = (script: string, stdin?: string) => must(sshRoot(machines, node, script), { stdin, timeout: 300 });
  const version = (await root('kubeadm version -o short')).trim().replace(/^v/, '');
  await root('cat > /root/stock.yaml', stockKubeadmConfig(node.address, node.name, version, '10.244.0.0/16'));
  // Both keep the certificates' umask and the same, warm image store; only the documents differ.
  const init = async (config: string) => {
    await root(
      'kubeadm reset --force >/dev/null 2>&1; rm -rf /etc/cni/net.d/*; mkdir -p /etc/kubernetes/manifests; sync',
    );
    const start = Date.now();
    await root(`umask 077; kubeadm init --config ${config} 2>&1`);
    return (Date.now() - start) / 1000;
  };
  const stock: number[] = [];
  const hardened: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    stock.push(await init('/root/stock.yaml'));
    hardened.push(await init('/etc/kubernetes/bulwark/kubeadm/init.yaml'));
  }
  return { stock, hardened };
}
