import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyTree } from '../../../apply/artifacts/files';

const directory = mkdtempSync(join(tmpdir(), 'bulwark-files-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('a copied folder can be written by its owner, whatever the modes of the source', async () => {
  const from = join(directory, 'from');
  const to = join(directory, 'to');
  mkdirSync(join(from, 'lib'), { recursive: true });
  mkdirSync(join(from, 'tests'));
  for (const [file, mode] of [
    ['lib/common.h', 0o444],
    ['run.sh', 0o555],
  ] as const) {
    writeFileSync(join(from, file), 'x');
    chmodSync(join(from, file), mode);
  }
  for (const folder of ['lib', 'tests', '.']) chmodSync(join(from, folder), 0o555);

  await copyTree(from, to, [join(from, 'tests')]);

  expect(readdirSync(to).sort()).toEqual(['lib', 'run.sh']);
  expect([to, join(to, 'lib')].map(modeOf)).toEqual(['755', '755']);
  expect([join(to, 'lib/common.h'), join(to, 'run.sh')].map(modeOf)).toEqual(['644', '755']);
  chmodSync(from, 0o755);
});
