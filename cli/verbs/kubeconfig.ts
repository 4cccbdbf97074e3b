import type { Command } from 'commander';
import { HardeningError } from '../../lib/errors';
import { publicServer } from '../../lib/gateway';
import { type CommonOptions, consoleOf, withJson } from './common';

interface KubeconfigOptions extends CommonOptions {
  readonly ttl: string;
  readonly user: string;
  readonly group?: readonly string[];
}

/** `bulwark kubeconfig`: a credential that expires. It goes to a file and never to the terminal. */
export function addKubeconfig(program: Command): void {
  const command = program
    .command('kubeconfig')
    .description('Write a kubeconfig that expires')
    .argument('[file]', 'spec of the cluster', 'cluster.yaml')
    .option('--ttl <duration>', 'time to live, such as 30m or 8h', '8h')
    .option('--user <name>', 'name in its certificate', 'bulwark:operator')
    .option('--group <name...>', 'groups in its certificate (default: kubeadm:cluster-admins)');
  withJson(command).action(kubeconfig);
}

async function kubeconfig(file: string, options: KubeconfigOptions): Promise<void> {
  const out = consoleOf(options);
  if (!/^(?=\d)(\d+h)?(\d+m)?(\d+s)?$/.test(options.ttl)) {
    throw new HardeningError('usage', [
      {
        code: 'KUBECONFIG_TTL',
        message: 'this is no time to live',
        got: options.ttl,
        allowed: 'hours, minutes and seconds, such as 8h or 1h30m',
      },
    ]);
  }
  const { mintKubeconfig } = await import('../../apply');
  const { loadCluster } = await import('../load-cluster');
  const { writeClusterBundle } = await import('../write-bundle');
  const { showEvents } = await import('../playbook-progress');
  const { Progress } = await import('../progress');
  const loaded = loadCluster(file, out);
  const { stateDirectory, resolution } = loaded;
  const path = await new Progress().step('Kubeconfig', (report) =>
    mintKubeconfig({
      bundleDirectory: writeClusterBundle(loaded),
      stateDirectory,
      user: options.user,
      ttl: options.ttl,
      server: publicServer(resolution.cluster),
      ...(options.group && { groups: options.group }),
      onEvent: showEvents(report),
    }),
  );
  out.object({ kubeconfig: path, user: options.user, ttl: options.ttl });
  out.result(`${path} is valid for ${options.ttl} as ${options.user}`);
}
