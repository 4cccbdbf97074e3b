import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArtifactIndex, readIndex, writeIndex } from '../../../apply/artifacts/artifact-index';
import type { HardeningError } from '../../../lib/errors';

const runc = {
  name: 'runc',
  kind: 'binary',
  version: '1.5.2',
  arch: 'amd64',
  file: 'bin/runc',
  sha256: 'a'.repeat(64),
  size: 1,
  origin: 'github.com/opencontainers/runc@v1.5.2',
  mode: '0755',
  install: '/usr/sbin/runc',
} as const;

describe('the artifact index', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bulwark-index-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const issuesOf = (content: string) => {
    writeFileSync(join(directory, 'index.json'), content);
    return readIndex(directory).then(
      () => [],
      (error: HardeningError) => error.issues,
    );
  };
  const withArtifact = (changes: object) =>
    JSON.stringify({ schema: 1, release: '1.36.3', arch: 'amd64', artifacts: [{ ...runc, ...changes }] });

  test('is undefined where there is none', async () => {
    expect(await readIndex(directory)).toBeUndefined();
  });

  test('reads back what was written, in the order of the files', async () => {
    const ctr = { ...runc, name: 'ctr', file: 'bin/ctr', install: '/usr/bin/ctr' };
    const index: ArtifactIndex = { schema: 1, release: '1.36.3', arch: 'amd64', artifacts: [runc, ctr] };
    await writeIndex(directory, index);
    expect(await readIndex(directory)).toEqual({ ...index, artifacts: [ctr, runc] });
  });

  test.each([
    ['text that is not JSON', 'nonsense', ''],
    ['a path that leaves the directory', withArtifact({ file: '../runc' }), 'artifacts.0.file'],
    ['an absolute path', withArtifact({ file: '/bin/runc' }), 'artifacts.0.file'],
    ['a path with a step back inside', withArtifact({ file: 'bin/../../runc' }), 'artifacts.0.file'],
    ['a digest that is none', withArtifact({ sha256: 'abc' }), 'artifacts.0.sha256'],
    ['a mode with the set-user-id bit', withArtifact({ mode: '4755' }), 'artifacts.0.mode'],
    ['a relative place on the node', withArtifact({ install: 'usr/bin/runc' }), 'artifacts.0.install'],
    ['a key that nobody knows', withArtifact({ signature: 'x' }), 'artifacts.0'],
  ])('refuses %s', async (_title, content, path) => {
    const issues = await issuesOf(content);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ code: 'ARTIFACT_INDEX_INVALID', file: join(directory, 'index.json') });
    expect(issues[0]?.path ?? '').toBe(path);
  });
});
