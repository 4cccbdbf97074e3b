import type { Command } from 'commander';
import { type CommonOptions, consoleOf, withJson } from './common';

interface ImportOptions extends CommonOptions {
  readonly kubeconfig: string;
  readonly context?: string;
  readonly inventory?: string;
  readonly name?: string;
  readonly profile?: string;
  readonly out: string;
  readonly allowedApiCidr?: readonly string[];
  readonly operatorCidr?: readonly string[];
}

/** `bulwark import`: the spec that comes closest to a running cluster. */
export function addImport(program: Command): void {
  const command = program
    .command('import')
    .description('Write the spec of a running cluster, or that which comes closest; nothing is changed there')
    .requiredOption('--kubeconfig <file>', 'the cluster, with rights to read it')
    .option('--context <name>', 'context to use (default: the current one)')
    .option('--inventory <file>', 'Ansible inventory or list of its nodes, to look at them over SSH')
    .option('--name <name>', 'name in the spec (default: that of the cluster)')
    .option('--profile <name>', 'profile of the spec (default: that of the cluster’s record, else internet-facing)')
    .option('--allowed-api-cidr <range...>', 'who may reach the API server (default: those of the cluster’s record)')
    .option('--operator-cidr <range...>', 'who may reach SSH on the nodes (default: those of the cluster’s record)')
    .option('-o, --out <file>', 'file to write', 'cluster.yaml');
  withJson(command).action(run);
}

async function run({ allowedApiCidr = [], operatorCidr = [], ...options }: ImportOptions): Promise<void> {
  const { importCluster } = await import('../import-cluster');
  await importCluster({ ...options, allowedApiCidr, operatorCidr }, consoleOf(options));
}
