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
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly inventory?: string;
  readonly profile?: string;
  readonly name?: string;
  readonly canary?: boolean;
}

/** Options that make sense for a cluster without a spec only. */
const ofForeign = ['context', 'inventory', 'profile', 'name', 'canary'] as const;

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
    .option('--kubeconfig <file>', 'judge the cluster of this kubeconfig, whoever built it; no spec is read')
    .option('--context <name>', 'with --kubeconfig: context to use (default: the current one)')
    .option('--inventory <file>', 'with --kubeconfig: Ansible inventory or list of its nodes, to look at them over SSH')
    .option('--profile <name>', 'with --kubeconfig: profile to judge by (default: internet-facing)')
    .option('--name <name>', 'with --kubeconfig: name in the evidence (default: that of the kubeconfig)')
    .option('--canary', 'with --kubeconfig: make and delete a Secret, to see it in etcd and in the audit log')
    .action((file: string, options: VerifyOptions, command: Command) =>
      verify(command.args.length > 0 ? file : undefined, options),
    );
}

/** @param given undefined where the command line names no spec */
async function verify(given: string | undefined, options: VerifyOptions): Promise<void> {
  const { json, all = false, baseline, key } = options;
  const out = makeConsole(json === true);
  if (baseline === undefined && (options.acceptAll || options.ratchet)) {
    throw new HardeningError('usage', [
      { code: 'VERIFY_NO_BASELINE', message: 'there is no baseline to write', fix: 'add --baseline <file>' },
    ]);
  }
  checkKind(given, options);
  const { printEvidence } = await import('../evidence-report');
  const { isProven } = await import('../../lib/evidence');
  const { evidence, stateDirectory } = await observed(given, options, out);
  out.object(evidence);
  if (typeof json === 'string') {
    const { evidenceKey, signFile } = await import('../signature');
    writeFileSync(json, `${JSON.stringify(evidence, null, 2)}\n`);
    const signing = key ?? evidenceKey(stateDirectory);
    signFile(json, evidenceKey(dirname(resolve(json)), signing));
  }
  printEvidence(evidence, out, all);
  const holds = baseline === undefined ? isProven(evidence) : await holdsBaseline(evidence, baseline, options, out);
  if (!holds) process.exitCode = exitCodes.verify;
}

/** The evidence of the cluster that is meant, and where it is kept. */
async function observed(
  given = 'cluster.yaml',
  options: VerifyOptions,
  out: Console,
): Promise<{ readonly evidence: Evidence; readonly stateDirectory: string }> {
  const { kubeconfig, key } = options;
  if (kubeconfig !== undefined) {
    const { verifyForeign } = await import('../verify-foreign');
    return verifyForeign({ ...options, kubeconfig });
  }
  const { loadCluster } = await import('../load-cluster');
  const { verifyCluster } = await import('../verify-cluster');
  const loaded = loadCluster(given, out);
  return { evidence: await verifyCluster(loaded, key), stateDirectory: loaded.stateDirectory };
}

/** A cluster has a spec or is somebody else's. */
function checkKind(given: string | undefined, options: VerifyOptions): void {
  const foreign = options.kubeconfig !== undefined;
  const stray = ofForeign.filter((name) => options[name] !== undefined);
  if (foreign ? given === undefined : stray.length === 0) return;
  throw new HardeningError('usage', [
    {
      code: 'VERIFY_KIND',
      message: foreign
        ? 'a cluster is described by its spec or by a kubeconfig, not by both'
        : 'a spec says this by itself',
      got: foreign ? `${given} and --kubeconfig` : stray.map((name) => `--${name}`).join(', '),
      fix: foreign ? 'leave one of them out' : 'leave it out, or add --kubeconfig',
    },
  ]);
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
