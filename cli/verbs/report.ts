import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { HardeningError } from '../../lib/errors';
import type { BenchmarkEvidence, Evidence } from '../../lib/evidence';
import { makeConsole } from '../console';

const formatNames = ['table', 'json', 'junit', 'sarif', 'oscal', 'html', 'markdown'];

interface ReportOptions {
  readonly format: string;
  readonly evidence?: string;
  readonly benchmark?: string;
  readonly previous?: string;
  readonly attacks?: string;
  readonly out?: string;
  readonly key?: string;
  readonly verify?: string;
  readonly signers?: string;
  readonly bundle?: string;
}

/** `bulwark report`: evidence in the formats that others read, and the check of its signature. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('Write the evidence of a verification as a report, or check its signature')
    .addOption(new Option('--format <name>', 'format of the report').choices(formatNames).default('table'))
    .option('--evidence <file>', 'evidence that `bulwark verify` wrote')
    .option(
      '--benchmark <name>',
      'hold the evidence against each demand of a benchmark: cis, stig, nsa, owasp, microsoft or seeds (the founding documents)',
    )
    .option('--previous <file>', 'evidence of an earlier run, to tell what changed')
    .option('--attacks <file>', 'results of attacks that were played against the cluster')
    .option('--out <file>', 'file to write, which is signed (default: standard output)')
    .option('--key <file>', 'SSH key that signs (default: that of the evidence)')
    .option('--verify <file>', 'check the signature of this file, and write nothing')
    .option('--signers <file>', 'whose signatures are believed (default: evidence-signers beside the file)')
    .option('--bundle <directory>', 'with --verify: check this bundle against the evidence as well')
    .action(report);
}

async function report(options: ReportOptions): Promise<void> {
  if (options.verify !== undefined) {
    await verifyReport(options.verify, options);
    return;
  }
  if (options.evidence === undefined) {
    throw new HardeningError('usage', [
      {
        code: 'REPORT_EVIDENCE',
        message: 'there is nothing to report on',
        fix: 'give --evidence <file>; `bulwark verify --json <file>` writes one',
      },
    ]);
  }
  const { readJson } = await import('../read-json');
  const { parseAttackResults, parseEvidence } = await import('../../lib/evidence');
  const read = readJson(options.evidence, 'evidence', parseEvidence);
  const attacks = options.attacks && readJson(options.attacks, 'a list of attack results', parseAttackResults);
  const evidence = attacks ? { ...read, attacks } : read;
  const previous = options.previous ? readJson(options.previous, 'evidence', parseEvidence) : undefined;
  const benchmark = options.benchmark === undefined ? undefined : await heldAgainst(options.benchmark, evidence);
  if (options.format === 'table') {
    const { printBenchmark, printEvidence } = await import('../evidence-report');
    const out = makeConsole(false);
    if (benchmark) printBenchmark(benchmark, out);
    else printEvidence(evidence, out);
    return;
  }
  const { formats } = await import('../../lib/evidence/formats');
  const { packageVersion } = await import('../../apply/package-root');
  const text = formats[options.format]?.({ evidence, previous, benchmark, version: packageVersion() }) ?? '';
  if (options.out === undefined) {
    process.stdout.write(text);
    return;
  }
  writeFileSync(options.out, text);
  const own = join(dirname(options.evidence), 'evidence-key');
  const key = options.key ?? (existsSync(own) ? own : undefined);
  if (key === undefined) {
    process.stderr.write('Not signed: there is no key beside the evidence; give --key\n');
    return;
  }
  const { evidenceKey, signFile } = await import('../signature');
  signFile(options.out, evidenceKey(dirname(options.out), key));
}

async function heldAgainst(name: string, evidence: Evidence): Promise<BenchmarkEvidence> {
  const { benchmarkEvidence, benchmarkNames } = await import('../../lib/evidence');
  const { catalogue } = await import('../../lib/controls/registry');
  if (!benchmarkNames.includes(name)) {
    const { nearFix } = await import('../../lib/spec/near');
    const fix = nearFix(name, benchmarkNames, `one of ${benchmarkNames.join(', ')}`);
    throw new HardeningError('usage', [
      { code: 'UNKNOWN_BENCHMARK', message: 'there is no such benchmark', got: name, fix },
    ]);
  }
  return benchmarkEvidence(name, catalogue, evidence);
}

async function verifyReport(file: string, { signers, bundle }: ReportOptions): Promise<void> {
  const { checkSignature } = await import('../signature');
  const out = makeConsole(false);
  out.result(`${file} is as it was signed, by key ${checkSignature(file, signers)}`);
  if (bundle === undefined) return;
  const { readJson } = await import('../read-json');
  const { parseEvidence } = await import('../../lib/evidence');
  const { checkBundleDigest } = await import('../bundle-digest');
  checkBundleDigest(bundle, readJson(file, 'evidence', parseEvidence));
  out.result(`${bundle} is the bundle of this evidence`);
}
