import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const workflows = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'examples'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.includes('.github/workflows/'));

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

test('there are workflows', () => expect(workflows.length).toBeGreaterThan(1));

describe.each(workflows)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const jobs = Object.values<Job>(parse(text).jobs);
  const steps = jobs.flatMap((job) => job.steps);

  test('pins every action by the digest of its commit', () => {
    const uses = steps.flatMap((step) => (step.uses === undefined ? [] : [step.uses]));
    expect(uses.filter((action) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  test('says what each job may do, and how long', () => {
    for (const job of jobs) {
      expect(job).toMatchObject({ permissions: expect.any(Object), 'timeout-minutes': expect.any(Number) });
    }
  });

  test('lets nothing of a pull request into a shell or near a right to write', () => {
    // An expression is pasted into the script before the shell reads it.
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
    for (const { permissions = {}, steps: own } of jobs) {
      if (permissions['pull-requests'] === 'write') expect(own.filter(({ uses }) => uses !== undefined)).toEqual([]);
    }
  });
});
