import { spawn } from 'node:child_process';

/** What a program left: its status (-1 where it did not start or was killed) and both output streams together. */
export interface Captured {
  readonly status: number;
  readonly output: string;
}

/** Runs a program without a shell and waits for its end; never throws. */
export function capture(program: string, args: readonly string[]): Promise<Captured> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ status: -1, output: error.message }));
    child.on('close', (code) => resolve({ status: code ?? -1, output }));
  });
}
