import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { exitCodes, HardeningError } from '../../lib/errors';
import type { Escalation, Level } from '../../lib/escalation';
import type { PlacedFinding } from '../../lib/lint/sarif';
import type { ReadManifest } from '../read-manifests';
import { type CommonOptions, consoleOf, withJson } from './common';

interface EscalationOptions extends CommonOptions {
  readonly sarif?: boolean;
  readonly baseline?: string;
  readonly acceptAll?: boolean;
  readonly podSecurity: Level;
  readonly defaultDeny?: boolean;
}

/** `bulwark escalations`: says offline who could become more than they are, and over what. */
export function addEscalations(program: Command): void {
  const command = program
    .command('escalations')
    .description('Print each way from a subject or a pod to more rights; exit 3 where one weakens the cluster')
    .argument('<files...>', 'YAML files of one cluster; - is standard input')
    .option('--sarif', 'print a SARIF 2.1.0 log instead')
    .option('--baseline <file>', 'fail only for ways that this file does not hold')
    .option('--accept-all', 'write every way there is now into the baseline')
    .addOption(
      new Option('--pod-security <level>', 'level of namespaces without a label')
        .choices(['restricted', 'baseline', 'privileged'])
        .default('restricted'),
    )
    .option('--default-deny', 'pods that no network policy selects may do nothing');
  withJson(command).action(escalations);
}

async function escalations(files: readonly string[], options: EscalationOptions): Promise<void> {
  const out = consoleOf(options);
  if (options.acceptAll && options.baseline === undefined) {
    throw new HardeningError('usage', [
      { code: 'ESCALATION_NO_BASELINE', message: 'there is no baseline to write', fix: 'add --baseline <file>' },
    ]);
  }
  const { readManifests } = await import('../read-manifests');
  const { baselineOf, compare, findEscalations, parseBaseline } = await import('../../lib/escalation');
  const { formatFinding } = await import('../../lib/lint/finding');
  const { toSarif } = await import('../../lib/lint/sarif');
  const manifests = readManifests(files);
  if (manifests.length === 0) {
    throw new HardeningError('usage', [
      { code: 'LINT_NOTHING', message: `no Kubernetes object in ${files.join(', ')}`, fix: 'give manifests' },
    ]);
  }
  const found = findEscalations(
    manifests.map(({ object }) => object),
    { defaultLevel: options.podSecurity, defaultDeny: options.defaultDeny === true },
  );
  if (options.acceptAll && options.baseline) {
    writeFileSync(options.baseline, `${JSON.stringify(baselineOf(found), null, 2)}\n`);
    out.note(`Baseline: ${found.length} ways are accepted in ${options.baseline}`);
  }
  const { fresh, gone } = options.baseline
    ? compare(found, (await import('../read-json')).readJson(options.baseline, 'a baseline', parseBaseline))
    : { fresh: found, gone: [] };

  const findings = fresh.map((escalation) => placed(escalation, manifests));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const summary = {
    objects: manifests.length,
    errors,
    warnings: findings.length - errors,
    accepted: found.length - fresh.length,
  };
  if (options.sarif) {
    out.result(JSON.stringify(toSarif(findings), null, 2));
  } else {
    for (const finding of findings) out.result(`${finding.file}:${finding.line}: ${formatFinding(finding)}`);
    for (const { chain } of gone) out.note(`Baseline: this way is closed by now: ${chain}`);
    const known = options.baseline ? `, ${summary.accepted} accepted` : '';
    out.result(`${manifests.length} objects: ${errors} errors, ${summary.warnings} warnings${known}`);
  }
  out.object({
    ...summary,
    escalations: fresh.map(({ goal, chain }, index) => ({ goal, chain, ...findings[index] })),
    closed: gone,
  });
  if (errors > 0) process.exitCode = exitCodes.weaker;
}

/** With the place of the object that the way begins with. */
function placed({ finding }: Escalation, manifests: readonly ReadManifest[]): PlacedFinding {
  const { kind, name, namespace } = finding.object;
  const manifest = manifests.find(({ object }) => {
    const metadata = object.metadata as { name?: unknown; namespace?: unknown } | undefined;
    return object.kind === kind && metadata?.name === name && metadata.namespace === namespace;
  });
  return { ...finding, ...(manifest && { file: manifest.file, line: manifest.lineOf(finding.path) }) };
}
