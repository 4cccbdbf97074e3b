import { spawn } from 'node:child_process';
import type { Outcome } from '../../attacks/attack';

export interface RunOptions {
  readonly stdin?: string | Buffer;
  /** Seconds. @default 120 */
  readonly timeout?: number;
  /** Added to this process' environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** Sees standard error line by line, while the program runs. */
  readonly onErrorLine?: (line: string) => void;
  /** Sees standard output piece by piece, while the program runs. */
  readonly onOutput?: (text: string) => void;
  /** Is told the process id. */
  readonly onStart?: (pid: number) => void;
}

/** Runs a program to its end; never throws for its exit code. A program out of time is killed and ends with 124. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) options.onStart?.(child.pid);
    let late = false;
    const seconds = options.timeout ?? 120;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, seconds * 1000);
    let stdout = '';
    let stderr = '';
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      options.onOutput?.(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      if (!options.onErrorLine) return;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onErrorLine(line);
    });
    child.on('error', reject);
    // A program that does not read its input closes it; its exit code says what happened.
    child.stdin.on('error', () => undefined).end(options.stdin);
    child.on('close', (code) => {
      clearTimeout(timer);
      const note = late ? `\nout of time after ${seconds} s` : '';
      resolve({ code: late ? 124 : (code ?? 137), stdout, stderr: stderr + note });
    });
  });
}

/** Runs a program that must succeed and returns its standard output. */
export async function must(argv: readonly string[], options?: RunOptions): Promise<string> {
  const outcome = await run(argv, options);
  if (outcome.code !== 0) {
    throw new Error(`${argv.slice(0, 4).join(' ')} … ended with ${outcome.code}: ${outcome.stderr || outcome.stdout}`);
  }
  return outcome.stdout;
}

/** One word for a shell. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Waits until `probe` holds, asking every half second. */
export async function eventually(what: string, seconds: number, probe: () => Promise<boolean>): Promise<number> {
  const start = Date.now();
  while (!(await probe())) {
    if (Date.now() - start > seconds * 1000) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return (Date.now() - start) / 1000;
}
