import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { HardeningError } from '../../lib/errors';
import { type CommonOptions, consoleOf, withJson } from './common';

interface InitOptions extends CommonOptions {
  readonly name?: string;
}

/** `bulwark init`: writes a commented spec to start from. */
export function addInit(program: Command): void {
  const command = program
    .command('init')
    .description('Write a commented cluster.yaml to start from')
    .argument('[file]', 'file to write', 'cluster.yaml')
    .option('--name <name>', 'name of the cluster');
  withJson(command).action(init);
}

async function init(file: string, options: InitOptions): Promise<void> {
  const out = consoleOf(options);
  const { exampleSpec } = await import('../example-cluster');
  const template = exampleSpec()
    // The example's keys belong to nobody; a spec that still carries one must not parse.
    .replace(/hostKey: .*/g, 'hostKey: REPLACE with the line of /etc/ssh/ssh_host_ed25519_key.pub on this machine')
    .replace(/^name: .*/m, (line) => (options.name === undefined ? line : `name: ${options.name}`));
  try {
    writeFileSync(file, template, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new HardeningError('usage', [
      { code: 'INIT_EXISTS', file, message: 'the file exists', fix: 'give another name, or remove it' },
    ]);
  }
  out.object({ file });
  out.result(`Wrote ${file}. Next: put in your machines and their host keys, then run`);
  out.result(`  bulwark synth ${file} --out bundle    (shows every error at once, changes nothing)`);
  out.result(`  bulwark up ${file}`);
}
