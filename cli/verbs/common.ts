import type { Command } from 'commander';
import { type Console, makeConsole } from '../console';

/** Options that every command understands. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Adds `--json` to a command. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON on stdout and nothing else');
}

/** Adds `--yes` to a command that changes something. */
export function withYes(command: Command): Command {
  return command.option('-y, --yes', 'do not ask');
}

export const consoleOf = (options: CommonOptions): Console => makeConsole(options.json === true);
