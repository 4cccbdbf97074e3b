import { type Command, InvalidArgumentError } from 'commander';
import { type CommonOptions, consoleOf, withJson, withYes } from './common';

interface UpOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly preview: boolean;
  readonly diff?: boolean;
  readonly operatorCertificate?: string;
  readonly forget?: readonly string[];
  readonly drainTimeout: number;
}

/** `bulwark up`: makes the cluster, or brings it to what its spec says, and proves it. */
export function addUp(program: Command): void {
  const command = program
    .command('up')
    .description('Make the cluster, or change it to what its spec says, and prove each control')
    .argument('[file]', 'spec of the cluster', 'cluster.yaml')
    .option('--diff', 'show every change in full')
    .option('--no-preview', 'do not show beforehand what would change')
    .option('--forget <node...>', 'nodes that left the spec and whose machine is gone: deleted, not reset')
    .option('--drain-timeout <seconds>', 'how long pods may take to leave the nodes that left the spec', seconds, 300)
    .option('--operator-certificate <file>', 'X.509 certificate that super-admin.conf is encrypted to');
  withYes(withJson(command)).action(up);
}

async function up(file: string, options: UpOptions): Promise<void> {
  const out = consoleOf(options);
  const { loadCluster } = await import('../load-cluster');
  const { bringUp } = await import('../bring-up');
  const { yes = false, diff = false, drainTimeout: drainSeconds, ...rest } = options;
  await bringUp(loadCluster(file, out), { ...rest, yes, diff, drainSeconds }, out);
}

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 3600) return value;
  throw new InvalidArgumentError('Give seconds, 1 to 3600.');
}
