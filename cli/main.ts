#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageRoot } from '../apply/package-root';
import { exitCodes } from '../lib/errors';
import { interrupted, reportError } from './errors';
import { addArtifacts } from './verbs/artifacts';
import { addExplain } from './verbs/explain';
import { addInit } from './verbs/init';
import { addKubeconfig } from './verbs/kubeconfig';
import { addLab } from './verbs/lab';
import { addReset } from './verbs/reset';
import { addSynth } from './verbs/synth';
import { addUp } from './verbs/up';
import { addVerify } from './verbs/verify';

/** The `bulwark` command. Verbs load their work only when they run, so that `--help` is quick. */
function makeProgram(): Command {
  const { version, description } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
    description: string;
  };
  const program = new Command('bulwark').description(description).version(version).enablePositionalOptions();
  const codes = Object.entries(exitCodes).map(([kind, code]) => `${code} ${kind}`);
  program.addHelpText('after', `\nExit codes: 0 success, ${codes.join(', ')}`);
  program.configureHelp({ showGlobalOptions: true });
  for (const add of [addInit, addSynth, addUp, addVerify, addExplain, addKubeconfig, addLab, addReset, addArtifacts]) {
    add(program);
  }
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride().showHelpAfterError('(add --help for the options)');
  }
  return program;
}

/** Runs the command; the exit code says what kind of error there was. */
async function main(argv: readonly string[]): Promise<void> {
  let signals = 0;
  process.on('SIGINT', () => {
    signals += 1;
    process.stderr.write(
      signals === 1
        ? '\nInterrupted: ending the running step. Start the same command again to go on; press Ctrl-C again to leave at once.\n'
        : '\n',
    );
    process.exitCode = interrupted;
    if (signals > 1) process.exit(interrupted);
  });
  try {
    await makeProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
    } else {
      const code = reportError(error, argv.includes('--json'));
      process.exitCode = signals > 0 ? interrupted : code;
    }
  }
}

void main(process.argv);
