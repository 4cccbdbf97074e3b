import { join } from 'node:path';
import type { Outcome } from '../../attacks/attack';
import { killTree } from './process-tree';
import { type RunOptions, run } from './shell';
import { workDirectory } from './work-directory';

const root = join(__dirname, '../../..');

/** Runs the user's own command, built as it ships. It keeps its labs in this run's folder. */
export function bulwark(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return run([process.execPath, join(root, 'build/cli/main.js'), ...args], {
    timeout: 900,
    ...options,
    environment: { XDG_STATE_HOME: join(workDirectory, 'state'), ...options.environment },
  });
}

/** What a command printed with `--json`. */
export function jsonOf<T>({ code, stdout, stderr }: Outcome): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`no JSON on standard output (exit ${code}): ${stdout.slice(-2000)}\n${stderr.slice(-4000)}`);
  }
}

/** A run of the command in the background. */
export interface BackgroundRun {
  readonly done: Promise<Outcome>;
  /** What Ctrl-C does. */
  interrupt(): void;
  /** Ends every process of the run with SIGKILL, and returns how many there were. */
  kill(): number;
}

/**
 * Starts the command in the background, to be killed with everything that it started on this machine.
 *
 * @param onErrorLine sees what it says on its way
 */
export function startBulwark(args: readonly string[], onErrorLine: (line: string) => void): BackgroundRun {
  let pid = 0;
  const onStart = (started: number) => {
    pid = started;
  };
  return {
    done: bulwark(args, { onStart, onErrorLine }),
    interrupt: () => process.kill(pid, 'SIGINT'),
    kill: () => killTree(pid),
  };
}
