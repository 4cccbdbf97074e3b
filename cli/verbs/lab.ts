import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type CommonOptions, consoleOf, withJson, withYes } from './common';

interface LabOptions extends CommonOptions {
  readonly name: string;
}

interface LabUpOptions extends LabOptions {
  readonly yes?: boolean;
  readonly workers: number;
  readonly machinesOnly?: boolean;
}

/** `bulwark lab`: a cluster on throw-away machines on this computer. */
export function addLab(program: Command): void {
  const lab = program
    .command('lab')
    .description('Throw-away machines in Podman on this computer, and a cluster on them');
  const verb = (name: string, description: string) =>
    withJson(lab.command(name).description(description)).option('--name <name>', 'name of the lab', 'bulwark');
  withYes(verb('up', 'Start the machines, make a hardened cluster on them and prove it'))
    .option('--workers <number>', 'machines beside the control plane', Number, 2)
    .option('--machines-only', 'start the machines and write their cluster.yaml, nothing else')
    .action(up);
  verb('status', 'Show the machines').action(status);
  verb('ssh', 'Log in on a machine, or run a command there')
    .argument('<machine>', 'name of the machine')
    .argument('[command...]', 'command to run')
    .passThroughOptions()
    .action(ssh);
  verb('down', 'Remove the machines and restore this computer').action(down);
}

/** Where a lab keeps its files, from whatever folder it is used. */
function labDirectory(name: string): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'bulwark', 'labs', name);
}

async function up(options: LabUpOptions): Promise<void> {
  const out = consoleOf(options);
  const { startLab } = await import('../start-lab');
  const { name, workers, machinesOnly = false, yes = false } = options;
  await startLab({ name, workers, machinesOnly, yes, directory: labDirectory(name) }, out);
}

async function status(options: LabOptions): Promise<void> {
  const out = consoleOf(options);
  const { labNames, labStatus } = await import('../../lab');
  const lab = await labStatus(options.name);
  out.object(lab ?? null);
  if (!lab) {
    out.result(`There is no lab ${options.name}. Labs on this computer: ${(await labNames()).join(', ') || 'none'}`);
    return;
  }
  out.result(`${lab.name} on ${lab.network.subnet}, spec ${join(labDirectory(lab.name), 'cluster.yaml')}`);
  for (const { name, role, address, state } of lab.nodes) {
    out.result(`${name.padEnd(12)}  ${role.padEnd(13)}  ${address.padEnd(15)}  ${state}`);
  }
}

async function ssh(machine: string, command: readonly string[], options: LabOptions): Promise<void> {
  const { labSsh } = await import('../../lab');
  process.exitCode = await labSsh(options.name, machine, command);
}

async function down(options: LabOptions): Promise<void> {
  const out = consoleOf(options);
  const { rm } = await import('node:fs/promises');
  const { labDown } = await import('../../lab');
  const { Progress } = await import('../progress');
  await new Progress().step('Lab down', (report) => labDown(options.name, ({ detail }) => report(detail)));
  await rm(labDirectory(options.name), { recursive: true, force: true });
  out.object({ name: options.name });
  out.result(`Lab ${options.name} is gone.`);
}
