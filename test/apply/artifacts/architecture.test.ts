import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { architectureOf, architectures, checkMachine, compilerFor } from '../../../apply/artifacts/architecture';
import { readIndex } from '../../../apply/artifacts/artifact-index';
import { Cache } from '../../../apply/artifacts/cache';
import { describeWith, notRun } from '../../support/judges';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'bulwark-elf-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

test('this test’s own interpreter is a program of this machine', async () => {
  await expect(architectureOf(process.execPath)).resolves.toBe(process.arch === 'x64' ? 'amd64' : process.arch);
});

test('what is no program is refused as one of any machine', async () => {
  const file = join(scratch, 'script');
  writeFileSync(file, '#!/bin/sh\nexit 0 # long enough for a header\n');
  await expect(architectureOf(file)).resolves.toBeUndefined();
  await expect(checkMachine(file, 'arm64')).rejects.toThrow(/another machine/);
});

describeWith(
  'cross-compiled programs',
  architectures.map((arch) => compilerFor(arch).compiler),
  (paths) => {
    test.each(architectures)('of %s are known as such and refused as the other', async (arch) => {
      const source = join(scratch, 'main.c');
      const program = join(scratch, arch);
      writeFileSync(source, 'int main(void) { return 0; }\n');
      execFileSync(paths[compilerFor(arch).compiler] ?? '', ['-static', '-o', program, source]);
      await expect(checkMachine(program, arch)).resolves.toBeUndefined();
      const [other] = architectures.filter((each) => each !== arch);
      await expect(checkMachine(program, other ?? arch)).rejects.toThrow(/another machine/);
    });
  },
);

const above = join(new Cache().directory, 'artifacts');
const built = (existsSync(above) ? readdirSync(above) : []).filter((name) =>
  /^[\d.]+-(amd64|arm64)-[0-9a-f]+$/.test(name),
);
if (built.length === 0) notRun('ELF headers of the node software', 'the cache holds none');
test.each(built)('every program of %s is for the machine that its index names', async (name) => {
  const index = await readIndex(join(above, name));
  for (const { kind, file, arch } of index?.artifacts ?? []) {
    expect([file, arch]).toEqual([file, index?.arch]);
    if (kind === 'binary') expect([file, await architectureOf(join(above, name, file))]).toEqual([file, arch]);
  }
});
