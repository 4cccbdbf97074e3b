import type { Command } from 'commander';
import { exitCodes, HardeningError } from '../../lib/errors';
import { type CommonOptions, consoleOf, withJson } from './common';

interface SynthOptions extends CommonOptions {
  readonly out?: string;
  readonly check?: string;
}

/** `bulwark synth`: writes the bundle, or says whether a directory holds the bundle of the spec. */
export function addSynth(program: Command): void {
  const command = program
    .command('synth')
    .description('Render the bundle: every document, file and manifest of the cluster')
    .argument('[file]', 'spec of the cluster', 'cluster.yaml')
    .option('-o, --out <directory>', 'write the bundle here')
    .option('--check <directory>', 'exit 7 with a diff where this directory is out of date');
  withJson(command).action(synth);
}

async function synth(file: string, options: SynthOptions): Promise<void> {
  const out = consoleOf(options);
  if ((options.out === undefined) === (options.check === undefined)) {
    throw new HardeningError('usage', [
      {
        code: 'SYNTH_TARGET',
        message: 'give one of --out and --check',
        fix: 'for example: bulwark synth --out bundle',
      },
    ]);
  }
  const { loadCluster } = await import('../load-cluster');
  const { makeBundle } = await import('../../stacks/cluster-bundle');
  const { checkBundle, writeBundle } = await import('../../kubeadm');
  const bundle = makeBundle(loadCluster(file, out).resolution);
  if (options.out !== undefined) {
    writeBundle(bundle, options.out);
    out.result(`${bundle.size} files in ${options.out}`);
    out.object({ directory: options.out, files: bundle.size });
    return;
  }
  const directory = options.check as string;
  const diff = checkBundle(bundle, directory);
  out.object({ directory, upToDate: diff === '', diff });
  if (diff === '') {
    out.result(`${directory} is up to date`);
    return;
  }
  out.result(diff.trimEnd());
  out.note(`${directory} is out of date: run bulwark synth ${file} --out ${directory} and review the change`);
  process.exitCode = exitCodes['out-of-date'];
}
