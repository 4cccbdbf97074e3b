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
  const { readFileSync } = await import('node:fs');
  const text = file === undefined ? process.env.BULWARK_SPEC : readFileSync(file, 'utf8');
  if (text === undefined) {
    throw new HardeningError('usage', [
      {
        code: 'CREDENTIAL_NO_SPEC',
        message: 'nobody said which cluster',
        fix: 'name its spec, or set BULWARK_SPEC as the kubeconfig of a stack does',
      },
    ]);
  }
  const { mintCredential } = await import('../../stacks/credential');
  process.stdout.write(`${JSON.stringify(await mintCredential(text, ttl))}\n`);
}
