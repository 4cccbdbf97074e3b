import { renameSync, statSync, writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { NewWaiver } from '../../lib/spec/waive';
import type { WaivedObject } from '../../lib/spec/waiver';
import { type CommonOptions, consoleOf, withJson } from './common';

interface WaiveOptions extends CommonOptions {
  readonly file: string;
  readonly reason: string;
  readonly owner: string;
  readonly expires?: string;
  readonly platform?: true;
  readonly node?: string[];
  readonly namespace?: string[];
  readonly object?: WaivedObject[];
  readonly compensation?: string;
  readonly compensatedBy?: string[];
}

/** `bulwark waive`: gives a control up in the spec, with a reason, an owner and an end. */
export function addWaive(program: Command): void {
  const command = program
    .command('waive')
    .description('Give a control up for a time; the check goes on')
    .argument('<control>', 'id of the control')
    .requiredOption('--reason <text>', 'why it cannot hold, 20 characters or more')
    .requiredOption('--owner <name>', 'who answers for the waiver')
    .option('--expires <date>', 'last day on which the waiver is valid, such as 2027-01-31')
    .option('--platform', 'the platform itself forces the waiver, which then needs no date')
    .option('--node <name...>', 'nodes that the waiver is limited to (default: all)')
    .option('--namespace <name...>', 'namespaces that the waiver is limited to; settings stay')
    .option(
      '--object <kind/namespace/name...>',
      'objects that the waiver is limited to, without namespace where a kind has none; settings stay',
      objectOf,
    )
    .option('--compensation <text>', 'measure that stands in')
    .option('--compensated-by <control...>', 'controls that stand in, and must pass')
    .option('-f, --file <spec>', 'spec of the cluster', 'cluster.yaml');
  withJson(command).action(waive);
}

/** `Kind/name` or `Kind/namespace/name`, added to those before it. */
function objectOf(text: string, known: readonly WaivedObject[] = []): readonly WaivedObject[] {
  const [kind = '', ...rest] = text.split('/');
  const name = rest.pop();
  if (kind === '' || !name || rest.length > 1) {
    throw new InvalidArgumentError('Write Kind/name or Kind/namespace/name, such as ServiceAccount/shop/default.');
  }
  const [namespace] = rest;
  return [...known, { kind, ...(namespace !== undefined && { namespace }), name }];
}

async function waive(control: string, options: WaiveOptions): Promise<void> {
  const { file, reason, owner, expires, platform, node, namespace, object, compensation, compensatedBy } = options;
  const out = consoleOf(options);
  const { readSpecFile } = await import('../load-cluster');
  const { addWaiver } = await import('../../lib/spec/waive');
  const { isWhole } = await import('../../lib/spec/waiver-scope');
  const { resolveSpec } = await import('../../stacks/resolve-spec');
  const waiver: NewWaiver = {
    control,
    reason,
    owner,
    expires,
    platform,
    nodes: node,
    namespaces: namespace,
    objects: object,
    compensation,
    compensatedBy,
  };
  const known = readSpecFile(file);
  const text = addWaiver(known.text, waiver);
  // The spec must stand with the waiver before a byte of the file is changed. Without it, it may not: a waiver that has
  // expired is renewed by this very command.
  resolveSpec(text, file);
  const next = `${known.file}.new`;
  writeFileSync(next, text, { mode: statSync(known.file).mode });
  renameSync(next, known.file);
  const until = expires === undefined ? 'as long as the platform forces it' : `until ${expires}`;
  const effect = isWhole(waiver) ? 'takes its settings off the nodes' : 'keeps its settings and tells the cluster';
  out.result(`${control} is waived ${until} in ${file}; \`bulwark up\` ${effect}`);
  out.object(waiver);
}
