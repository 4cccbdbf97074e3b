import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Artifact, ensureArtifacts, planArtifacts } from '../../../apply/artifacts';
import { writeIndex } from '../../../apply/artifacts/artifact-index';
import { recipesOf } from '../../../apply/artifacts/recipes';
import type { HardeningError, Issue } from '../../../lib/errors';
import { releases } from '../../../lib/release';

const release = releases['1.36'];

/** A directory with a small file for each artifact of the release: the check reads bytes, whatever they are. */
async function writeArtifacts(directory: string, change = (artifacts: Artifact[]) => artifacts): Promise<void> {
  mkdirSync(join(directory, 'bin'));
  mkdirSync(join(directory, 'images'));
  const artifacts = recipesOf(release).map((recipe): Artifact => {
    const { name, version, group, roles, origin } = recipe;
    const content = `content of ${name}`;
    const file = recipe.kind === 'binary' ? `bin/${basename(recipe.install)}` : `images/${name}.tar`;
    writeFileSync(join(directory, file), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const common = { name, version, arch: 'amd64', file, sha256, size: content.length, origin, group, roles };
    return recipe.kind === 'binary'
      ? { ...common, kind: 'binary', mode: '0755', install: recipe.install }
      : { ...common, kind: 'image', reference: recipe.reference, digest: `sha256:${sha256}` };
  });
  await writeIndex(directory, {
    schema: 1,
    release: release.kubernetes,
    arch: 'amd64',
    artifacts: change(artifacts),
  });
}

describe('an offline directory of artifacts', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bulwark-offline-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const request = () =>
    ({ release, arch: 'amd64', source: { kind: 'offline', directory }, groups: ['cilium'] }) as const;
  const issues = (): Promise<readonly Issue[]> =>
    ensureArtifacts(request()).then(
      () => [],
      (error: HardeningError) => error.issues,
    );

  test('is accepted when every file matches the index', async () => {
    await writeArtifacts(directory);
    const steps: string[] = [];
    const result = await ensureArtifacts(request(), ({ step, detail }) => steps.push(`${step}: ${detail}`));
    expect(result.directory).toBe(directory);
    expect(result.index.artifacts.map(({ name }) => name)).toContain('kubelet');
    expect(steps.at(-1)).toBe('verify: done');
    expect((await planArtifacts(request())).steps.map(({ step }) => step)).toEqual(['verify']);
  });

  test('is refused when a file has another digest, naming the file, the digest and the one expected', async () => {
    await writeArtifacts(directory);
    const planted = 'CONTENT of kubelet';
    writeFileSync(join(directory, 'bin/kubelet'), planted);
    expect(await issues()).toEqual([
      expect.objectContaining({
        code: 'ARTIFACT_DIGEST',
        file: join(directory, 'bin/kubelet'),
        got: createHash('sha256').update(planted).digest('hex'),
        allowed: createHash('sha256').update('content of kubelet').digest('hex'),
      }),
    ]);
  });

  test('names every damaged file at once', async () => {
    await writeArtifacts(directory);
    truncateSync(join(directory, 'bin/runc'), 3);
    rmSync(join(directory, 'images/etcd.tar'));
    const found = await issues();
    expect(found.map(({ code }) => code).sort()).toEqual(['ARTIFACT_MISSING', 'ARTIFACT_SIZE']);
    expect(found.find(({ code }) => code === 'ARTIFACT_SIZE')).toMatchObject({ got: '3 bytes', allowed: '15 bytes' });
  });

  test('is refused when it lacks an artifact or has another version of one', async () => {
    await writeArtifacts(directory, (artifacts) =>
      artifacts
        .filter(({ name }) => name !== 'pause')
        .map((artifact) => (artifact.name === 'runc' ? { ...artifact, version: '1.1.5' } : artifact)),
    );
    expect((await issues()).map(({ code, message, got }) => ({ code, message, got }))).toEqual([
      { code: 'ARTIFACT_NOT_LISTED', message: 'does not list pause', got: undefined },
      { code: 'ARTIFACT_VERSION', message: 'lists another version of runc', got: '1.1.5' },
    ]);
  });

  test('may lack what no one asked for', async () => {
    await writeArtifacts(directory, (artifacts) => artifacts.filter(({ group }) => !group || group === 'cilium'));
    expect(await issues()).toEqual([]);
  });

  test('is refused without an index', async () => {
    expect(await issues()).toEqual([
      expect.objectContaining({ code: 'ARTIFACT_INDEX_MISSING', file: join(directory, 'index.json') }),
    ]);
  });
});
