import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes, HardeningError } from '../../lib/errors';
import type { Evidence } from '../../lib/evidence';
import { type Console, makeConsole } from '../console';

interface VerifyOptions {
  readonly json?: string | true;
  readonly all?: boolean;
  readonly baseline?: string;
  readonly acceptAll?: boolean;
  readonly ratchet?: boolean;
  readonly key?: string;
}

/** `bulwark verify`: observes the running cluster and prints the evidence. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('Observe the running cluster and prove each control')
    .argument('[file]', 'spec of the cluster', 'cluster.yaml')
    .option('--all', 'print passes as well')
    .option('--json [file]', 'write the evidence as JSON to this file and sign it, or print nothing but it')
    .option('--baseline <file>', 'fail only for what is wrong beyond this file')
    .option('--accept-all', 'write everything that is wrong now into the baseline')
    .option('--ratchet', 'take out of the baseline what is right by now')
    .option('--key <file>', 'SSH key that signs the evidence (default: one of the state directory)')
    .action(verify);
}

async function verify(file: string, options: VerifyOptions): Promise<void> {
  const { json, all = false, baseline, key } = options;
  const out = makeConsole(json === true);
  if (baseline === undefined && (options.acceptAll || options.ratchet)) {
    throw new HardeningError('usage', [
      { code: 'VERIFY_NO_BASELINE', message: 'there is no baseline to write', fix: 'add --baseline <file>' },
    ]);
  }
  const { loadCluster } = await import('../load-cluster');
  const { verifyCluster } = await import('../verify-cluster');
  const { printEvidence } = await import('../evidence-report');
  const { isProven } = await import('../../lib/evidence');
  const loaded = loadCluster(file, out);
  const evidence = await verifyCluster(loaded, key);
  out.object(evidence);
  if (typeof json === 'string') {
    const { evidenceKey, signFile } = await import('../signature');
    writeFileSync(json, `${JSON.stringify(evidence, null, 2)}\n`);
    const signing = key ?? evidenceKey(loaded.stateDirectory);
    signFile(json, evidenceKey(dirname(resolve(json)), signing));
  }
  printEvidence(evidence, out, all);
  const holds = baseline === undefined ? isProven(evidence) : await holdsBaseline(evidence, baseline, options, out);
  if (!holds) process.exitCode = exitCodes.verify;
}

/** Whether nothing is wrong beyond the baseline; writes the baseline where that is asked for. */
async function holdsBaseline(
  evidence: Evidence,
  file: string,
  { acceptAll, ratchet: shrink }: VerifyOptions,
  out: Console,
): Promise<boolean> {
  const { baselineOf, parseBaseline, ratchet, regressions } = await import('../../lib/evidence');
  const { readJson } = await import('../read-json');
  const write = (value: unknown) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  if (acceptAll) {
    const accepted = baselineOf(evidence);
    write(accepted);
    out.note(`Baseline: ${accepted.accepted.length} findings are accepted in ${file}`);
    return true;
  }
  const known = readJson(file, 'a baseline', parseBaseline);
  if (known.cluster !== evidence.cluster) {
    throw new HardeningError('usage', [
      {
        code: 'VERIFY_OTHER_BASELINE',
        file,
        message: 'this is the baseline of another cluster',
        got: known.cluster,
        allowed: evidence.cluster,
        fix: 'give the baseline of this cluster',
      },
    ]);
  }
  const found = regressions(evidence, known);
  for (const { control, where, expected, observed } of found) {
    out.note(`${out.colour('red', 'regression')} ${control} on ${where}: ${expected}: ${observed}`);
  }
  const tighter = ratchet(evidence, known);
  const mended = known.accepted.length - tighter.accepted.length;
  out.note(`Baseline: ${found.length} regressions, ${tighter.accepted.length} known findings left, ${mended} mended`);
  if (shrink && mended > 0) write(tighter);
  return found.length === 0;
}
