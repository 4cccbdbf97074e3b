import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { probeKey } from '../../lib/checks/probe';
import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import { clusterSpecSchema } from '../../lib/spec/cluster-spec';
import { verificationPrograms } from '../../stacks/verification-programs';
import { describeWith } from '../support/judges';
import { specInput } from '../support/spec';

jest.setTimeout(60_000);

describeWith('the programs of the scheduled verification', ['python3', 'openssl'], ({ python3 }) => {
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-verification-'));
  const programs = verificationPrograms();
  const { cluster } = resolve(clusterSpecSchema.parse(specInput({ verification: { schedule: 'daily' } })), catalogue);

  const place = (path: string, content: string): string => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  beforeAll(() => {
    place('observe.py', programs.collector);
    place('judge.js', programs.judge);
    for (const [path, text] of programs.modules) place(path, text);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const probes = [
    { kind: 'file', path: '/etc/passwd' },
    { kind: 'sysctl', name: 'kernel.ostype' },
    { kind: 'access', user: 'nobody', verb: 'list', resource: 'secrets' },
  ] as const;

  /** Runs the collector as its unit does, but with nothing of a cluster on this computer. */
  function collect() {
    const payload = place(
      'probes.json',
      JSON.stringify({
        name: 'cp-1',
        role: 'control-plane',
        user: 'bulwark:verifier',
        nodes: { 'cp-1': '192.0.2.11' },
        endpoint: '192.0.2.11:6443',
        probes: probes.map((probe) => ({ key: probeKey(probe), probe })),
      }),
    );
    const run = join(directory, 'run');
    mkdirSync(run, { recursive: true });
    // Isolated: nothing but Python's own library and what lies beside the program is found.
    execFileSync(python3, ['-I', '-B', join(directory, 'observe.py'), payload], {
      env: { PATH: process.env.PATH, RUNTIME_DIRECTORY: run },
    });
    expect(existsSync(join(run, 'observations.incoming'))).toBe(false);
    return readFileSync(join(run, 'observations.json'), 'utf8');
  }

  const judge = (input: string) =>
    spawnSync(
      process.execPath,
      ['--jitless', join(directory, 'judge.js'), place('spec.json', JSON.stringify(cluster.spec))],
      {
        input,
        encoding: 'utf8',
      },
    );

  test('the collector runs with what is laid down, and says what it did not see', () => {
    const { node, at, observations } = JSON.parse(collect());
    expect(node).toBe('cp-1');
    expect(Date.now() - Date.parse(at)).toBeLessThan(60_000);
    expect(observations['sysctl name=kernel.ostype']).toEqual({ fact: 'Linux' });
    expect(observations['file path=/etc/passwd'].fact[0]).toMatchObject({ type: 'file', owner: 'root' });
    const access = probeKey(probes[2]);
    expect(observations[access].unseen).toMatch(/could not be asked as bulwark:verifier/);
  });

  test('the judge makes metrics of what the collector wrote', () => {
    const { status, stdout } = judge(collect());
    expect(status).toBe(0);
    expect(stdout).toMatch(/^bulwark_check_verdicts\{node="cp-1",verdict="not-observed"\} [1-9]\d*$/m);
    expect(stdout).toMatch(/^bulwark_check_verdicts\{node="cp-1",verdict="pass"\} 0$/m);
  });

  test('the judge fails on half a file, and leaves no metrics', () => {
    const { status, stdout } = judge(collect().slice(0, -10));
    expect({ failed: status !== 0, stdout }).toEqual({ failed: true, stdout: '' });
  });

  test('are the same bytes again', () => {
    expect(verificationPrograms()).toEqual(programs);
  });
});
