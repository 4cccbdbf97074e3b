import type { Command } from 'commander';
import type { AnyCheck } from '../../lib/checks/check';
import type { Control } from '../../lib/controls/control';
import type { RuleDescription } from '../../lib/lint/rule';
import { waiversAnnotation } from '../../lib/lint/waiver';
import type { Setting } from '../../lib/settings/setting';
import type { Console } from '../console';
import { type CommonOptions, consoleOf, withJson } from './common';

interface ExplainOptions extends CommonOptions {
  readonly file?: string;
  readonly profile?: string;
  readonly diff?: string;
}

/** `bulwark explain`: one control, or the list of all; a profile, or what differs between two. */
export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('Say why a control exists, what it costs, what it sets and how it is checked')
    .argument('[control]', 'id of a control, or of a rule of lint; without it, all controls are listed')
    .option('-f, --file <spec>', 'explain it, or the profile, for this cluster', undefined)
    .option('--profile <name>', 'explain a profile instead (default with --diff: that of the spec)')
    .option('--diff <name>', 'say what changes for a cluster that goes to this profile');
  withJson(command).action(explain);
}

async function explain(id: string | undefined, options: ExplainOptions): Promise<void> {
  const out = consoleOf(options);
  if (options.profile !== undefined || options.diff !== undefined) {
    const { explainProfile } = await import('../explain-profile');
    explainProfile(id, options, out);
    return;
  }
  const { catalogue } = await import('../../lib/controls/registry');
  if (id === undefined) {
    listControls(catalogue, out);
    return;
  }
  const control = catalogue.find((each) => each.id === id);
  if (!control) {
    const { allRules } = await import('../../lib/lint/judge-manifest');
    const rule = allRules.find((each) => each.control === id);
    if (rule) {
      printRule(rule, out);
      return;
    }
    const { HardeningError } = await import('../../lib/errors');
    const { nearFix } = await import('../../lib/spec/near');
    const ids = [...catalogue.map((each) => each.id), ...allRules.map((each) => each.control)];
    throw new HardeningError('usage', [
      {
        code: 'UNKNOWN_CONTROL',
        message: 'there is no such control',
        got: id,
        fix: nearFix(id, ids, 'run `bulwark explain` for the list'),
      },
    ]);
  }
  const { loadCluster } = await import('../load-cluster');
  const { exampleCluster } = await import('../example-cluster');
  const { cluster } = options.file === undefined ? exampleCluster() : loadCluster(options.file, out).resolution;
  const settings = control.settings(cluster);
  const checks = control.checks(cluster);
  out.object({
    ...control,
    settings,
    whenWaived: control.whenWaived?.(cluster),
    checks: checks.map(({ scope, probe, expected, strength }) => ({ scope, probe, expected, strength })),
  });
  printControl(control, settings, checks, out);
}

/** A rule by which `bulwark lint` and the constructs judge manifests. */
function printRule({ control, severity, why, fix }: RuleDescription, out: Console): void {
  out.object({ id: control, severity, why, fix });
  out.result(`${out.colour('bold', control)} (${severity}): a rule about manifests`);
  const sections = {
    Why: why,
    Fix: fix,
    'How to waive it': `In the object’s annotation ${waiversAnnotation}: \`${control}: <reason> (<owner>, until YYYY-MM-DD)\``,
  };
  for (const [title, text] of Object.entries(sections)) out.result(`\n${out.colour('bold', title)}\n${text}`);
}

function listControls(catalogue: readonly Control[], out: Console): void {
  out.object(catalogue.map(({ id, title, severity, profiles }) => ({ id, title, severity, profiles })));
  const width = Math.max(...catalogue.map(({ id }) => id.length));
  for (const { id, title, severity } of catalogue) out.result(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}`);
}

function printControl(control: Control, settings: readonly Setting[], checks: readonly AnyCheck[], out: Console): void {
  const heading = (text: string) => out.result(`\n${out.colour('bold', text)}`);
  out.result(`${out.colour('bold', control.id)} (${control.severity})`);
  out.result(control.title);
  heading('Why');
  out.result(control.why);
  heading('Cost');
  out.result(control.cost);
  heading('Sources');
  out.result(control.sources.map(({ list, id }) => `${list} ${id}`).join(', '));
  heading('Against');
  out.result([control.threats.join(', '), control.stops.join(', ')].filter(Boolean).join('; attacks '));
  heading('Profiles');
  out.result(control.profiles.join(', '));
  heading('Settings');
  for (const setting of settings) out.result(`- ${describe(setting)}`);
  if (settings.length === 0) out.result('- none: what Kubernetes does by itself is checked');
  heading('Checks');
  for (const { scope, probe, expected, strength } of checks) {
    out.result(`- ${scope}: ${expected} (${strength}, by ${probe.kind})`);
  }
  heading('How to waive it');
  out.result(
    control.waivable === false
      ? 'This control cannot be waived.'
      : 'Add `{control, reason, owner, expires}` under `waivers` in the spec; the check goes on and the row reads `waived`.',
  );
}

/** A setting on one line. */
function describe({ kind, ...fields }: Setting): string {
  const parts = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name} ${text.length > 120 ? `${text.slice(0, 117)}…` : text}`;
  });
  return `${kind}: ${parts.join(', ')}`;
}
