import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { HardeningError } from '../../lib/errors';
import { readyStacks } from '../scaffold-stack';
import { type CommonOptions, consoleOf, withJson } from './common';

interface InitOptions extends CommonOptions {
  readonly name?: string;
  readonly stack?: string;
  readonly package?: string;
}

/** `bulwark init`: writes a commented spec to start from, or a whole Pulumi project. */
export function addInit(program: Command): void {
  const command = program
    .command('init')
    .description('Write a commented cluster.yaml to start from, or a Pulumi project')
    .argument('[path]', 'file to write, or folder of the project (default: cluster.yaml, or named like the stack)')
    .option('--name <name>', 'name of the cluster, or of the project')
    .option('--stack <stack>', `write a Pulumi project instead: ${readyStacks().join(', ')}`)
    .option('--package <spec>', 'with --stack, what npm installs as bulwark (default: this installation, packed)');
  withJson(command).action(init);
}

async function init(path: string | undefined, options: InitOptions): Promise<void> {
  if (options.stack === undefined) await initSpec(path, options);
  else await initStack(options.stack, path, options);
}

async function initSpec(file = 'cluster.yaml', options: InitOptions): Promise<void> {
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

async function initStack(stack: string, path: string | undefined, options: InitOptions): Promise<void> {
  const out = consoleOf(options);
  const { scaffoldStack } = await import('../scaffold-stack');
  const { directory, files } = await scaffoldStack({ ...options, stack, directory: path });
  out.object({ directory, files });
  out.result(`Wrote ${files.length} files to ${directory}. Next:`);
  for (const step of [
    `cd ${directory}`,
    'npm install --omit=optional',
    'pulumi login --local         (or any other backend)',
    'pulumi stack init example    (takes Pulumi.example.yaml; README.md says what to put in)',
    'pulumi preview --diff        (connects to nothing)',
    'pulumi up',
  ]) {
    out.result(`  ${step}`);
  }
}
