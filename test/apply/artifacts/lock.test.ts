import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../apply/artifacts/lock';

const modulePath = join(__dirname, '../../../apply/artifacts/lock');

describe('the build lock', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bulwark-lock-'));
    file = join(directory, 'build.lock');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('lets one piece of work in at a time and says whom the other waits for', async () => {
    const events: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const started = new Promise<void>((resolve) => {
      void withLock(
        file,
        async () => {
          events.push('first in');
          resolve();
          await held;
          events.push('first out');
        },
        () => events.push('first waited'),
      );
    });
    await started;
    const second = withLock(
      file,
      async () => events.push('second in'),
      (pid) => {
        events.push(`second waits for ${pid === `${process.pid}` ? 'this process' : pid}`);
        release();
      },
    );
    await second;
    expect(events).toEqual(['first in', 'second waits for this process', 'first out', 'second in']);
  });

  test('is free after work that failed', async () => {
    const failed = withLock(
      file,
      async () => {
        throw new Error('build failed');
      },
      () => {},
    );
    await expect(failed).rejects.toThrow('build failed');
    const next = withLock(
      file,
      async () => 'done',
      () => {},
    );
    expect(await next).toBe('done');
  });

  test('ends with a holder that was killed', async () => {
    const script = `require(${JSON.stringify(modulePath)}).withLock(${JSON.stringify(file)}, () => { console.log('in'); return new Promise(() => setInterval(() => {}, 1000)); }, () => {})`;
    const holder: ChildProcess = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => holder.stdout?.once('data', resolve));
    expect(readFileSync(file, 'utf8').trim()).toBe(`${holder.pid}`);
    holder.kill('SIGKILL');
    expect(
      await withLock(
        file,
        async () => 'mine',
        () => {},
      ),
    ).toBe('mine');
  }, 20_000);
});
