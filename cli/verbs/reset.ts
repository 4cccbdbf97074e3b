import type { Command } from 'commander';
import { type CommonOptions, consoleOf, withJson, withYes } from './common';

/** `bulwark reset`: takes the cluster off its nodes. */
export function addReset(program: Command): void {
  const command = program
    .command('reset')
    .description('Remove the cluster and everything of Bulwark from its nodes and their gateway; all data is lost')
    .argument('[file]', 'spec of the cluster', 'cluster.yaml');
  withYes(withJson(command)).action(reset);
}

async function reset(file: string, options: CommonOptions & { readonly yes?: boolean }): Promise<void> {
  const out = consoleOf(options);
  const { resetCluster } = await import('../../apply');
  const { printChanges } = await import('../changes-report');
  const { confirm } = await import('../confirm');
  const { loadCluster } = await import('../load-cluster');
  const { writeClusterBundle } = await import('../write-bundle');
  const { showEvents } = await import('../playbook-progress');
  const { Progress } = await import('../progress');
  const loaded = loadCluster(file, out);
  const { spec } = loaded.resolution.cluster;
  const names = spec.nodes.map(({ name }) => name).join(', ');
  const gateway = spec.gateway ? `, and leases, packet filter and jump host from ${spec.gateway.name}` : '';
  await confirm(`Remove cluster ${spec.name} and all of its data from ${names}${gateway}?`, options.yes === true);
  const result = await new Progress().step('Reset', (report) =>
    resetCluster({
      bundleDirectory: writeClusterBundle(loaded),
      stateDirectory: loaded.stateDirectory,
      onEvent: showEvents(report),
    }),
  );
  printChanges(result, out, false);
  out.object(result);
}
