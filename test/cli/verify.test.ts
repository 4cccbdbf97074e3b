import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { checkSignature } from '../../cli/signature';
import { addVerify } from '../../cli/verbs/verify';
import { exitCodes } from '../../lib/errors';
import { recording } from '../support/evidence';
import { describeWith } from '../support/judges';
import { specInput } from '../support/spec';

// No cluster runs here: what was recorded of a real one is observed once more.
let observed: 'hardened' | 'stock' = 'hardened';
jest.mock('../../observe', () => ({ observeCluster: async () => recording(observed) }));

describeWith('verify', ['ssh-keygen'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-verify-'));
  const spec = join(folder, 'cluster.yaml');
  const baseline = join(folder, 'baseline.json');
  const state = join(folder, '.bulwark', 'example');
  beforeAll(() => {
    writeFileSync(spec, stringify(specInput()));
    for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockReturnValue(true);
  });
  afterAll(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Exit code of a verification of a recorded cluster. */
  async function verify(name: typeof observed, ...options: string[]): Promise<number> {
    observed = name;
    process.exitCode = 0;
    const program = new Command().exitOverride();
    addVerify(program);
    await program.parseAsync(['node', 'bulwark', 'verify', spec, ...options]);
    return Number(process.exitCode);
  }
  const accepted = (): number => JSON.parse(readFileSync(baseline, 'utf8')).accepted.length;

  test('keeps the evidence, signed, and that of the run before', async () => {
    const written = join(folder, 'evidence.json');
    expect(await verify('stock')).toBe(exitCodes.verify);
    expect(await verify('hardened', '--json', written)).toBe(exitCodes.verify);
    expect(checkSignature(join(state, 'evidence.json'))).toMatch(/^SHA256:/);
    expect(checkSignature(written)).toMatch(/^SHA256:/);
    expect(existsSync(join(state, 'evidence.previous.json'))).toBe(true);
    const { rows, bundleSha256 } = JSON.parse(readFileSync(written, 'utf8'));
    expect(bundleSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(rows.every(({ location }: { location?: { line: number } }) => (location?.line ?? 0) > 0)).toBe(true);
  }, 60_000);

  test('fails only beyond its baseline, which the ratchet shrinks', async () => {
    expect(await verify('stock', '--baseline', baseline, '--accept-all')).toBe(0);
    expect(await verify('stock', '--baseline', baseline)).toBe(0);
    const before = accepted();
    await verify('hardened', '--baseline', baseline);
    expect(accepted()).toBe(before);
    await verify('hardened', '--baseline', baseline, '--ratchet');
    expect(accepted()).toBeLessThan(before);
    expect(await verify('stock', '--baseline', baseline)).toBe(exitCodes.verify);
  }, 60_000);

  test('refuses a baseline that is not there, of another cluster, or none to write', async () => {
    await expect(verify('stock', '--baseline', join(folder, 'missing.json'))).rejects.toThrow('there is no such file');
    writeFileSync(baseline, JSON.stringify({ schema: 'bulwark.dev/baseline/v1', cluster: 'other', accepted: [] }));
    await expect(verify('stock', '--baseline', baseline)).rejects.toThrow('VERIFY_OTHER_BASELINE');
    await expect(verify('stock', '--ratchet')).rejects.toThrow('VERIFY_NO_BASELINE');
  }, 60_000);
});
