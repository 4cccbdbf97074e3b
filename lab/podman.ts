import { spawn } from 'node:child_process';
import { HardeningError } from '../lib/errors';

/** How a program ended and what it wrote. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and reports how it ended. `input` is its whole standard input. */
export function attempt(program: string, args: readonly string[], input = ''): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...text, code: code ?? 128, ...(signal && { stderr: signal }) }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/**
 * Runs podman and returns its standard output.
 *
 * @throws HardeningError of kind `apply` with what podman wrote when it fails.
 */
export async function podman(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await attempt('podman', args, input);
  if (code === 0) return stdout;
  throw new HardeningError('apply', [
    { code: 'LAB_PODMAN_FAILED', message: `podman ${args[0]} failed: ${stderr.trim()}`, got: `exit code ${code}` },
  ]);
}

/** As `podman`, for commands that answer in JSON. */
export async function podmanJson<T>(args: readonly string[]): Promise<T> {
  return JSON.parse((await podman(args)) || '[]') as T;
}
