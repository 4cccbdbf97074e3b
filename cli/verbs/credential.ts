import type { Command } from 'commander';
import { HardeningError } from '../../lib/errors';

interface CredentialOptions {
  readonly ttl: string;
}

/** `bulwark credential`: what kubectl and other clients run by themselves, as the kubeconfig of a Pulumi stack says. */
export function addCredential(program: Command): void {
  program
    .command('credential')
    .description('Mint a credential over SSH, as clients of the API server ask for one (ExecCredential)')
    .argument('[file]', 'spec of the cluster (default: the environment variable BULWARK_SPEC holds it)')
    .option('--ttl <duration>', 'time to live, such as 30m or 1h', '1h')
    .action(credential);
}

async function credential(file: string | undefined, { ttl }: CredentialOptions): Promise<void> {
  const { BULWARK_SPEC: packed } = process.env;
  if (file === undefined && packed === undefined) {
    throw new HardeningError('usage', [
      {
        code: 'CREDENTIAL_NO_SPEC',
        message: 'nobody said which cluster',
        fix: 'name its spec; the kubeconfig of a stack brings it in BULWARK_SPEC',
      },
    ]);
  }
  const { unpackSpec } = await import('../../stacks/provider/kubeconfig');
  const { readSpecFile } = await import('../load-cluster');
  const text = file === undefined ? unpackSpec(packed ?? '') : readSpecFile(file).text;
  const { mintCredential } = await import('../../stacks/credential');
  process.stdout.write(`${JSON.stringify(await mintCredential(text, ttl, file))}\n`);
}
