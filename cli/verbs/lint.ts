import type { Command } from 'commander';
import { exitCodes, HardeningError } from '../../lib/errors';
import { type CommonOptions, consoleOf, withJson } from './common';

interface LintOptions extends CommonOptions {
  readonly sarif?: boolean;
  readonly escalationBaseline?: string;
}

/** `bulwark lint`: says offline what in somebody's manifests a hardened cluster refuses or should not have. */
export function addLint(program: Command): void {
  const command = program
    .command('lint')
    .description('Judge Kubernetes manifests; exit 3 where one would weaken the cluster')
    .argument('<files...>', 'YAML files, folders of them, or - for standard input')
    .option('--sarif', 'print a SARIF 2.1.0 log instead')
    .option('--escalation-baseline <file>', 'ways to more rights that bulwark escalations wrote as accepted');
  withJson(command).action(lint);
}

async function lint(files: readonly string[], options: LintOptions): Promise<void> {
  const out = consoleOf(options);
  const { lintFiles } = await import('../lint-files');
  const { formatFinding } = await import('../../lib/lint/finding');
  const { toSarif } = await import('../../lib/lint/sarif');
  const { escalationBaseline } = options;
  const accepted =
    escalationBaseline === undefined
      ? undefined
      : (await import('../read-json')).readJson(
          escalationBaseline,
          'a baseline',
          (await import('../../lib/escalation')).parseBaseline,
        );
  const { findings, waived, objects } = lintFiles(files, new Date().toISOString().slice(0, 10), accepted);
  if (objects === 0) {
    throw new HardeningError('usage', [
      { code: 'LINT_NOTHING', message: `no Kubernetes object in ${files.join(', ')}`, fix: 'give manifests' },
    ]);
  }

  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const summary = { objects, errors, warnings: findings.length - errors, waived: waived.length };
  if (options.sarif) {
    out.result(JSON.stringify(toSarif(findings), null, 2));
  } else {
    for (const finding of findings) out.result(`${finding.file}:${finding.line}: ${formatFinding(finding)}`);
    out.result(`${objects} objects: ${errors} errors, ${summary.warnings} warnings, ${waived.length} findings waived`);
  }
  out.object({ ...summary, findings, waivedFindings: waived });
  if (errors > 0) process.exitCode = exitCodes.weaker;
}
