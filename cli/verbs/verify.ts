import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exitCodes } from '../../lib/errors';
import { makeConsole } from '../console';

interface VerifyOptions {
  readonly json?: string | true;
  readonly all?: boolean;
}

/** `bulwark verify`: observes the running cluster and prints the evidence. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('Observe the running cluster and prove each control')
    .argument('[file]', 'spec of the cluster', 'cluster.yaml')
    .option('--all', 'print passes as well')
    .option('--json [file]', 'write the evidence as JSON to this file, or print nothing but it')
    .action(verify);
}

async function verify(file: string, { json, all = false }: VerifyOptions): Promise<void> {
  const out = makeConsole(json === true);
  const { loadCluster } = await import('../load-cluster');
  const { verifyCluster } = await import('../verify-cluster');
  const { printEvidence } = await import('../evidence-report');
  const { isProven } = await import('../../lib/evidence');
  const evidence = await verifyCluster(loadCluster(file, out));
  out.object(evidence);
  if (typeof json === 'string') writeFileSync(json, `${JSON.stringify(evidence, null, 2)}\n`);
  printEvidence(evidence, out, all);
  if (!isProven(evidence)) process.exitCode = exitCodes.verify;
}
