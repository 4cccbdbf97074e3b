import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { HardeningError } from '../../lib/errors';

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
 * Runs a program without a shell and returns its standard output.
 *
 * @throws HardeningError of kind `artifact` with the last lines that the program wrote when it fails.
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
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
  if (end === '') return output.join('');
  throw new HardeningError('artifact', [
    {
      code: 'ARTIFACT_PROGRAM_FAILED',
      message: [`${program} ${args[0] ?? ''} failed`.trimEnd(), ...tail].join('\n'),
      got: end,
    },
  ]);
}
