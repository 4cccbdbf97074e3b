import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canRun } from '../../../apply/artifacts/emulation';
import { programsOf } from '../../../apply/artifacts/recipe';
import { recipesOf } from '../../../apply/artifacts/recipes';
import { checkToolchain } from '../../../apply/artifacts/toolchain';
import type { HardeningError } from '../../../lib/errors';
import { releases } from '../../../lib/release';

const programs = recipesOf(releases['1.36']).flatMap(programsOf);

describe('the check of the build tools', () => {
  const path = process.env.PATH;
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bulwark-path-'));
    process.env.PATH = directory;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(directory, { recursive: true });
  });

  const issues = (...args: Parameters<typeof checkToolchain>) =>
    checkToolchain(...args).then(
      () => [],
      (error: HardeningError) => error.issues,
    );

  /** A `go` on the PATH that reports a version. */
  const installGo = (version: string) => {
    writeFileSync(join(directory, 'go'), `#!/bin/sh\necho ${version}\n`);
    chmodSync(join(directory, 'go'), 0o755);
  };

  test('names everything that is missing at once, each with a fix', async () => {
    const found = await issues(programs, 'installed');
    expect(found.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['GO_MISSING', 'LIBSECCOMP_MISSING', 'PROGRAM_MISSING']),
    );
    const text = found.map(({ message }) => message).join('\n');
    for (const name of ['Go', 'gcc', 'libseccomp', 'mmdebstrap', 'tar', 'util-linux']) expect(text).toContain(name);
    expect(found.filter(({ fix }) => !fix)).toEqual([]);
  });

  test('asks for a compiler of the other architecture, and for no libseccomp of its own', async () => {
    const found = await issues(programs, 'unpacked', 'arm64');
    const text = found.map(({ message, fix }) => `${message}: ${fix}`).join('\n');
    expect(text).toContain('apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross');
    expect(found.map(({ code }) => code)).not.toContain('LIBSECCOMP_MISSING');
    expect(found.map(({ code }) => code)).not.toContain('EMULATION_MISSING');
  });

  test('says that a Debian system of another architecture needs emulation', async () => {
    const enabled = existsSync('/proc/sys/fs/binfmt_misc/qemu-aarch64');
    const codes = (await issues(programs, 'installed', 'arm64')).map(({ code }) => code);
    expect(codes.includes('EMULATION_MISSING')).toBe(!enabled);
    process.env.PATH = path;
    const found = (await issues([], 'installed', 'arm64')).map(({ code }) => code);
    expect(found.includes('EMULATION_MISSING')).toBe(!(await canRun('arm64')));
  });

  test('asks only for what the programs need', async () => {
    const go = programs.filter((program) => program.from === 'go' && !program.cgo);
    const text = (await issues(go)).map(({ message }) => message).join('\n');
    expect(text).toContain('Go');
    expect(text).not.toMatch(/gcc|libseccomp|mmdebstrap/);
  });

  test.each([
    ['go1.25.9', ['GO_TOO_OLD']],
    ['go1.26.5', ['GO_TOO_OLD']],
    ['go1.26.6', []],
    ['go1.26.8', []],
    ['go1.27rc1', []],
    ['nonsense', ['GO_TOO_OLD']],
  ])('judges %s', async (version, codes) => {
    installGo(version);
    for (const program of ['tar', 'flock', 'echo', 'sh']) symlinkSync(`/usr/bin/${program}`, join(directory, program));
    const go = programs.filter((program) => program.from === 'go' && !program.cgo);
    expect((await issues(go)).map(({ code }) => code)).toEqual(codes);
  });
});
