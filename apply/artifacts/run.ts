import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { HardeningError } from '../../lib/errors';

/** Signals that end a build. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How many last lines of a failed program go into the error. */
const linesKept = 20;

/** Settings of one program run. */
export interface RunOptions {
  /** @default the directory of this process */
  readonly cwd?: string;
  /** @default the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line that the program writes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a program without a shell and returns its standard output. A signal that ends this process ends the program and
 * whatever it started: what is finished stays, and the next build goes on from there.
 *
 * @throws HardeningError of kind `artifact` with the last lines that the program wrote when it fails, or where it was
 *   interrupted.
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  // A process group of its own, so that one signal ends the compilers of a compiler too.
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let interrupted = false;
  const stop = () => {
    interrupted = true;
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch (error) {
      // It may have ended by itself just now.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  for (const signal of endings) process.on(signal, stop);
  const output: string[] = [];
  const tail: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > linesKept) tail.shift();
      options.onLine?.(line);
    });
  }
  const end = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? '' : signal ? `signal ${signal}` : `exit code ${code}`));
  });
  for (const signal of endings) process.off(signal, stop);
  if (interrupted) {
    throw new HardeningError('artifact', [
      {
        code: 'ARTIFACT_INTERRUPTED',
        message: `${program} ${args[0] ?? ''} was interrupted`,
        fix: 'start the same command again: it goes on after the last finished artifact',
      },
    ]);
  }
  if (end === '') return output.join('');
  throw new HardeningError('artifact', [
    {
      code: 'ARTIFACT_PROGRAM_FAILED',
      message: [`${program} ${args[0] ?? ''} failed`.trimEnd(), ...tail].join('\n'),
      got: end,
    },
  ]);
}
