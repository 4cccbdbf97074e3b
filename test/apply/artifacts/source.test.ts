import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArtifactGroup, ensureArtifacts, planArtifacts } from '../../../apply/artifacts';
import { type Artifact, sha256OfFile, writeIndex } from '../../../apply/artifacts/artifact-index';
import { keysOf } from '../../../apply/artifacts/finished';
import { recipesOf } from '../../../apply/artifacts/recipes';
import { type Release, releases } from '../../../lib/release';

const release: Release = releases['1.36'];
const base = recipesOf(release)
  .filter(({ group }) => !group)
  .map(({ name }) => name);

describe('the plan of a build from source', () => {
  let cacheDirectory: string;
  beforeEach(() => {
    cacheDirectory = mkdtempSync(join(tmpdir(), 'bulwark-source-'));
  });
  afterEach(() => rmSync(cacheDirectory, { recursive: true }));

  const request = (changes: { groups?: ArtifactGroup[]; release?: Release } = {}) =>
    ({ release, arch: 'amd64', source: { kind: 'source' }, groups: [], cacheDirectory, ...changes }) as const;
  const plan = (changes = {}) => planArtifacts(request(changes));
  const stepsOf = async (groups: ArtifactGroup[] = []) => (await plan({ groups })).steps.map(({ step }) => step);

  /** What an interrupted build leaves: some artifacts finished and listed. */
  async function finish(directory: string, names: readonly string[]): Promise<void> {
    mkdirSync(join(directory, 'bin'), { recursive: true });
    const artifacts = await Promise.all(
      names.map(async (name): Promise<Artifact> => {
        const file = `bin/${name}`;
        writeFileSync(join(directory, file), name);
        const sha256 = await sha256OfFile(join(directory, file));
        const common = { name, version: '1', arch: 'amd64', origin: 'test', mode: '0755', install: `/usr/bin/${name}` };
        return { ...common, kind: 'binary', file, sha256, size: name.length };
      }),
    );
    await writeIndex(directory, { schema: 1, release: release.kubernetes, arch: 'amd64', artifacts });
  }

  test('has a step with an estimate for each artifact when the cache is empty', async () => {
    const { steps } = await plan();
    expect(steps.map(({ step }) => step)).toEqual(base);
    expect(steps.every(({ expectedSeconds }) => expectedSeconds > 0)).toBe(true);
  });

  test('adds the groups that are asked for', async () => {
    expect(await stepsOf(['cilium'])).toEqual([...base, 'cilium', 'cilium-operator-generic']);
    expect(await stepsOf(['test'])).toContain('busybox');
  });

  test('goes on after the artifacts that an interrupted build finished', async () => {
    const { directory } = await plan();
    await finish(directory, ['kubeadm', 'kubelet']);
    expect(await stepsOf()).toEqual(base.filter((name) => name !== 'kubeadm' && name !== 'kubelet'));
  });

  test('is empty when everything is there', async () => {
    const { directory } = await plan();
    await finish(directory, base);
    expect(await stepsOf()).toEqual([]);
  });

  test('builds again what is gone or has another size', async () => {
    const { directory } = await plan();
    await finish(directory, base);
    rmSync(join(directory, 'bin/runc'));
    writeFileSync(join(directory, 'bin/kubelet'), 'half a kub');
    expect(await stepsOf()).toEqual(['kubelet', 'runc']);
  });

  test('lies in another directory when a version changes, and in the same one for other groups', async () => {
    const { directory } = await plan();
    expect((await plan({ groups: ['cilium', 'test'] })).directory).toBe(directory);
    expect((await plan({ release: { ...release, runc: '1.5.3' } })).directory).not.toBe(directory);
  });

  describe('when recipes change', () => {
    /** A finished cache of the release, as a build of an earlier version of this program leaves it: without a record. */
    const finished = async () => {
      const { directory } = await plan();
      await finish(directory, base);
      return directory;
    };
    const otherRunc = { release: { ...release, runc: '1.5.3' } };

    test('builds only what differs and takes over the rest', async () => {
      await finished();
      await ensureArtifacts(request());
      expect((await plan(otherRunc)).steps.map(({ step }) => step)).toEqual(['reuse', 'runc']);
    });

    test('takes nothing from a directory that does not say what it is made from', async () => {
      await finished();
      expect((await plan(otherRunc)).steps.map(({ step }) => step)).toEqual(base);
    });

    test('takes nothing that is damaged', async () => {
      const directory = await finished();
      await ensureArtifacts(request());
      writeFileSync(join(directory, 'bin/kubelet'), 'half a kub');
      expect((await plan(otherRunc)).steps.map(({ step }) => step)).toEqual(['reuse', 'kubelet', 'runc']);
    });

    test('gives a directory of its own that shares the bytes and outlives the other', async () => {
      const before = await finished();
      await ensureArtifacts(request());
      // Nothing to build: the recipe that differs belongs to a group that is not asked for.
      const { directory, index } = await ensureArtifacts(request({ release: { ...release, cilium: '1.20.3' } }));
      expect(directory).not.toBe(before);
      expect(index.artifacts.map(({ name }) => name).sort()).toEqual([...base].sort());
      expect(statSync(join(directory, 'bin/kubelet')).ino).toBe(statSync(join(before, 'bin/kubelet')).ino);
      rmSync(before, { recursive: true });
      expect(readFileSync(join(directory, 'bin/kubelet'), 'utf8')).toBe('kubelet');
      expect(await plan({ release: { ...release, cilium: '1.20.3' } })).toEqual({ directory, steps: [] });
    });

    test('keeps who needs an artifact as the recipe says now, and builds nothing for it', async () => {
      const keys = await keysOf(recipesOf(release), 'amd64');
      const everyone = recipesOf(release).map((recipe) => ({ ...recipe, roles: undefined, expectedSeconds: 1 }));
      expect(await keysOf(everyone, 'amd64')).toEqual(keys);
      expect(await keysOf(recipesOf(release), 'arm64')).not.toEqual(keys);
    });
  });
});
