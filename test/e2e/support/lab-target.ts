import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabMachines } from '../../../lab';
import type { Credential, Machine, Outcome, Target } from '../../attacks/attack';
import { must, quoted, run } from './shell';

/** What a target is made of. */
export interface LabTargetOptions {
  readonly name: Target['name'];
  readonly machines: LabMachines;
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Path of kubectl on the operator's machine. */
  readonly kubectl: string;
  readonly image: string;
  /** Where `Target.otherNode` is no machine of the lab. @default the last worker */
  readonly otherNode?: string;
}

/** A cluster on lab machines, reached over SSH and through its API server. */
export class LabTarget implements Target {
  readonly name: Target['name'];
  readonly controlPlane: Machine;
  readonly victim: Machine;
  readonly otherNode: string;
  readonly image: string;
  #scratch: Promise<string> | undefined;
  #credentials = 0;

  constructor(private readonly options: LabTargetOptions) {
    const { name, machines, image } = options;
    const controlPlane = machines.nodes.find(({ role }) => role === 'control-plane');
    const workers = machines.nodes.filter(({ role }) => role === 'worker');
    if (!controlPlane) throw new Error(`lab ${machines.name} has no control plane`);
    this.name = name;
    this.image = image;
    this.controlPlane = controlPlane;
    this.victim = workers[0] ?? controlPlane;
    this.otherNode = options.otherNode ?? workers.at(-1)?.name ?? controlPlane.name;
  }

  async kubectl(
    args: readonly string[],
    { as, stdin }: { readonly as?: Credential; readonly stdin?: string } = {},
  ): Promise<Outcome> {
    const kubeconfig = as === undefined ? this.options.kubeconfig : await this.#kubeconfigOf(as);
    return run([this.options.kubectl, `--kubeconfig=${kubeconfig}`, ...args], { stdin });
  }

  onNode(machine: Machine, script: string, { stdin }: { readonly stdin?: Buffer } = {}): Promise<Outcome> {
    return run(sshRoot(this.options.machines, machine, script), { stdin, timeout: 180 });
  }

  outside(argv: readonly string[]): Promise<Outcome> {
    return run(argv);
  }

  /** Removes the credentials that attacks used. */
  async close(): Promise<void> {
    if (this.#scratch) await rm(await this.#scratch, { recursive: true });
  }

  async #kubeconfigOf(credential: Credential): Promise<string> {
    this.#scratch ??= mkdtemp(join(tmpdir(), 'attack-'));
    const view = ['config', 'view', '--raw', '-o', 'jsonpath={.clusters[0].cluster}'];
    const cluster = JSON.parse(await must([this.options.kubectl, `--kubeconfig=${this.options.kubeconfig}`, ...view]));
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const user =
      credential === 'anonymous'
        ? {}
        : 'token' in credential
          ? credential
          : { 'client-certificate-data': base64(credential.certificate), 'client-key-data': base64(credential.key) };
    this.#credentials += 1;
    const file = join(await this.#scratch, `${this.#credentials}.kubeconfig`);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    };
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }
}

/** A lab's machines as an Ansible inventory of somebody who did not build them. */
export function inventoryOf({ ssh, nodes }: LabMachines): string {
  return [
    '[nodes]',
    ...nodes.map(({ name, address }) => `${name} ansible_host=${address}`),
    '[all:vars]',
    `ansible_user=${ssh.user}`,
    'ansible_become=true',
    `ansible_ssh_private_key_file=${ssh.identityFile}`,
    `ansible_ssh_common_args='-o IdentitiesOnly=yes -o UserKnownHostsFile=${ssh.knownHostsFile}'`,
    '',
  ].join('\n');
}

/** Arguments that run a shell script as root on a lab machine, with its pinned host key. */
export function sshRoot({ ssh }: LabMachines, machine: { readonly address: string }, script: string): string[] {
  const options = {
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: ssh.knownHostsFile,
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    ConnectTimeout: '10',
    LogLevel: 'ERROR',
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const command = `sudo -n /bin/sh -c ${quoted(script)}`;
  return ['ssh', '-F', 'none', '-i', ssh.identityFile, ...flags, `${ssh.user}@${machine.address}`, command];
}
