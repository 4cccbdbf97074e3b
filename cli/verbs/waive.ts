import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type CommonOptions, consoleOf, withJson } from './common';

interface WaiveOptions extends CommonOptions {
  readonly file: string;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
  readonly node?: readonly string[];
  readonly compensation?: string;
}

/** `bulwark waive`: gives a control up in the spec, with a reason, an owner and an end. */
export function addWaive(program: Command): void {
  const command = program
    .command('waive')
    .description('Give a control up for a time; the check goes on')
    .argument('<control>', 'id of the control')
    .requiredOption('--reason <text>', 'why it cannot hold, 20 characters or more')
    .requiredOption('--owner <name>', 'who answers for the waiver')
    .requiredOption('--expires <date>', 'last day on which the waiver is valid, such as 2027-01-31')
    .option('--node <name...>', 'nodes that the waiver is limited to (default: all)')
    .option('--compensation <text>', 'control or measure that stands in')
    .option('-f, --file <spec>', 'spec of the cluster', 'cluster.yaml');
  withJson(command).action(waive);
}

async function waive(control: string, options: WaiveOptions): Promise<void> {
  const { file, reason, owner, expires, node: nodes, compensation } = options;
  const out = consoleOf(options);
  const { loadCluster } = await import('../load-cluster');
  const { addWaiver } = await import('../../lib/spec/waive');
  const { parseSpec } = await import('../../lib/spec/parse');
  const { resolve } = await import('../../lib/resolve');
  const { catalogue } = await import('../../lib/controls/registry');
  const loaded = loadCluster(file, out);
  const waiver = { control, reason, owner, expires, nodes: nodes && [...nodes], compensation };
  const text = addWaiver(readFileSync(loaded.file, 'utf8'), waiver);
  // The spec must stand with the waiver before a byte of the file is changed.
  const today = new Date().toISOString().slice(0, 10);
  const controlIds = catalogue.map(({ id }) => id);
  resolve(parseSpec(text, { file, today, controlIds }).spec, catalogue);
  const next = `${loaded.file}.new`;
  writeFileSync(next, text, { mode: statSync(loaded.file).mode });
  renameSync(next, loaded.file);
  out.result(`${control} is waived until ${expires} in ${file}; \`bulwark up\` takes its settings off the nodes`);
  out.object(waiver);
}
