#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageRoot } from '../apply/package-root';
import { exitCodes } from '../lib/errors';
import { interrupted, reportError } from './errors';
import { addArtifacts } from './verbs/artifacts';
import { addBreakGlass } from './verbs/break-glass';
import { addCredential } from './verbs/credential';
import { addDelta } from './verbs/delta';
import { addEscalations } from './verbs/escalations';
import { addExplain } from './verbs/explain';
import { addGraph } from './verbs/graph';
import { addImport } from './verbs/import';
import { addInit } from './verbs/init';
import { addInventory } from './verbs/inventory';
import { addKubeconfig } from './verbs/kubeconfig';
import { addLab } from './verbs/lab';
import { addLint } from './verbs/lint';
import { addReport } from './verbs/report';
import { addReset } from './verbs/reset';
import { addSynth } from './verbs/synth';
import { addUp } from './verbs/up';
import { addVerify } from './verbs/verify';
import { addWaive } from './verbs/waive';

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
  for (const add of [
    addInit,
    addImport,
    addInventory,
    addSynth,
    addLint,
    addEscalations,
    addDelta,
    addGraph,
    addUp,
    addVerify,
    addReport,
    addWaive,
    addExplain,
    addKubeconfig,
    addBreakGlass,
    addCredential,
    addLab,
    addReset,
    addArtifacts,
  ]) {
    add(program);
  }
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride().showHelpAfterError('(add --help for the options)');
  }
  return program;
}

const interruption = `
Interrupted: ending the running step. Start the same command again to go on; press Ctrl-C again to leave at once.
`;

/** Runs the command; the exit code says what kind of error there was. */
async function main(argv: readonly string[]): Promise<void> {
  let interruptedAt: number | undefined;
  process.on('SIGINT', () => {
    // npm and shells pass the signal of one Ctrl-C on a second time.
    if (interruptedAt !== undefined && Date.now() - interruptedAt > 1000) process.exit(interrupted);
    if (interruptedAt !== undefined) return;
    interruptedAt = Date.now();
    process.stderr.write(interruption);
  });
  // Whoever reads may stop reading (`bulwark lint … | head`): the command and its exit code stay what they are.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await makeProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
    } else {
      const code = reportError(error, argv.includes('--json'));
      process.exitCode = code;
    }
  }
  if (interruptedAt !== undefined) process.exitCode = interrupted;
}

void main(process.argv);
