import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretSampler } from './secret-sampler';

describe('SecretSampler', () => {
  const root = mkdtempSync(join(tmpdir(), 'sampler-'));
  afterAll(() => rmSync(root, { recursive: true }));

  const sampler = () =>
    new SecretSampler({ machines: () => [{ name: 'here', root }], directories: ['tmp'], vaults: ['vault'] });
  const find = (seen: SecretSampler, ...values: string[]) => seen.find(new Map([['canary', values]]));

  test('finds a canary in arguments, environment, a short-lived file and a growing log', async () => {
    mkdirSync(join(root, 'tmp'), { recursive: true });
    const seen = sampler();
    const child = spawn('sleep', ['60'], { env: { CANARY: 'in-environ-5e1f' }, argv0: 'in-argv-5e1f' });
    await new Promise((resolve) => child.once('spawn', resolve));
    writeFileSync(join(root, 'tmp', 'short'), 'in-file-5e1f');
    writeFileSync(join(root, 'tmp', 'log'), 'nothing yet\n');
    seen.sample();
    child.kill('SIGKILL');
    rmSync(join(root, 'tmp', 'short'));
    appendFileSync(join(root, 'tmp', 'log'), 'in-log-5e1f\n');
    seen.sample();
    expect(find(seen, 'in-argv-5e1f')[0]?.where).toMatch(/^argv of/);
    expect(find(seen, 'in-environ-5e1f')[0]?.where).toMatch(/^environ of/);
    expect(find(seen, 'in-file-5e1f')).toEqual([{ secret: 'canary', where: 'here:tmp/short' }]);
    expect(find(seen, 'in-log-5e1f')).toEqual([{ secret: 'canary', where: 'here:tmp/log' }]);
    expect(find(seen, 'never-written-5e1f')).toEqual([]);
  });

  test('keeps every value that a vault held', () => {
    const seen = sampler();
    for (const value of ['first', 'second']) {
      writeFileSync(join(root, 'vault'), value);
      seen.sample();
    }
    expect(seen.vault('vault')).toEqual(['first', 'second']);
  });
});
