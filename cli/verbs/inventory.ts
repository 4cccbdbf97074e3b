import type { Command } from 'commander';
import { type CommonOptions, consoleOf, withJson, withYes } from './common';

interface ScanOptions extends CommonOptions {
  readonly file: string;
  readonly print?: boolean;
  readonly inventory?: string;
  readonly controlPlane?: readonly string[];
  readonly jump?: string;
  readonly fingerprint?: readonly string[];
  readonly yes?: boolean;
}

/** `bulwark inventory`: which machines a cluster is made of. */
export function addInventory(program: Command): void {
  const inventory = program.command('inventory').description('The machines that a cluster is made of');
  const scan = inventory
    .command('scan')
    .description('Read SSH host keys, have them compared, and pin them in the spec')
    .argument('[hosts...]', '[NAME=]ADDRESS[:PORT] (default: the nodes of the spec)')
    .option('-f, --file <spec>', 'spec of the cluster', 'cluster.yaml')
    .option('--print', 'print the nodes and write nothing')
    .option('--inventory <file>', 'take the hosts of an inventory of Ansible, or of a list of hosts')
    .option('--control-plane <name...>', 'hosts of the command line that are control planes')
    .option('--jump <host>', '[USER@]HOST[:PORT] that connections go through (default: that of the spec)')
    .option('--fingerprint <sha256...>', 'fingerprints to expect, as ssh-keygen -lf prints them');
  withYes(withJson(scan)).action(run);
}

async function run(hosts: readonly string[], options: ScanOptions): Promise<void> {
  const { pinHosts } = await import('../pin-hosts');
  const { print = false, controlPlane = [], fingerprint = [], yes = false, ...rest } = options;
  await pinHosts(hosts, { ...rest, print, controlPlane, fingerprint, yes }, consoleOf(options));
}
