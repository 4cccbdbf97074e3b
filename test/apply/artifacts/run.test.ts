import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../apply/artifacts/run';

const root = join(__dirname, '../../..');

test('a program gives its output, or its last lines and how it ended', async () => {
  expect(await run('sh', ['-c', 'echo one; echo two'])).toBe('one\ntwo\n');
  await expect(run('sh', ['-c', 'echo broken >&2; exit 3'])).rejects.toThrow(/broken.*exit code 3/s);
});

/** Whether a process still does something: one that ended stays listed until its parent has heard of it. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** A process of its own that runs a program, which starts another; the signal reaches only the first. */
async function interrupt(signal: NodeJS.Signals) {
  const script = `
    const { run } = require('./apply/artifacts/run');
    run('sh', ['-c', 'sleep 300 & echo $!; wait'], { onLine: (line) => console.log(line) })
      .then(() => run('echo', ['went on']))
      .catch((error) => { console.log(error.issues[0].code); process.exitCode = 130; });`;
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { cwd: root });
  let output = '';
  const sleeping = await new Promise<number>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, pid] = /^(\d+)\n/.exec(output) ?? [];
      if (pid !== undefined) resolve(Number(pid));
    });
  });
  expect(isAlive(sleeping)).toBe(true);
  child.kill(signal);
  const [code] = await once(child, 'close');
  return { code, output: output.replace(/^\d+\n/, ''), sleeps: isAlive(sleeping) };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the program and what it started, and nothing else is started',
  async (signal) => {
    expect(await interrupt(signal)).toEqual({ code: 130, output: 'ARTIFACT_INTERRUPTED\n', sleeps: false });
  },
  60_000,
);
