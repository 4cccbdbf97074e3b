import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Release } from '../../lib/release';
import type { Architecture } from './architecture';
import {
  type Artifact,
  type ArtifactGroup,
  type ArtifactIndex,
  findDamage,
  readIndex,
  sha256OfFile,
  writeIndex,
} from './artifact-index';
import type { BuildContext } from './build-context';
import { type Cache, keyOf } from './cache';
import { finishFile } from './files';
import { builder, type FinishedArtifact, findFinished, keysOf, linkFinished, recordRecipes } from './finished';
import { readPins } from './go-modules';
import { buildImage } from './images';
import { withLock } from './lock';
import { buildProgram } from './programs';
import type { OnProgress } from './progress';
import { modulesOf, programsOf, type Recipe } from './recipe';
import { recipesOf } from './recipes';
import { checkToolchain } from './toolchain';

/** A build of a release's artifacts into the cache. */
export interface SourceBuild {
  readonly release: Release;
  readonly arch: Architecture;
  readonly groups: readonly ArtifactGroup[];
  readonly cache: Cache;
}

/** Where a build's artifacts lie and which of them are still to be made. */
export interface SourceState {
  readonly directory: string;
  readonly index: ArtifactIndex;
  /** Neither here nor anywhere else in the cache. */
  readonly missing: readonly Recipe[];
  /** Not here, but in another directory of the cache, made by the same recipe. */
  readonly reusable: readonly { readonly recipe: Recipe; readonly finished: FinishedArtifact }[];
}

/** Looks at the cache without changing it. An artifact whose file is gone or has another size counts as missing. */
export async function inspectSource(build: SourceBuild): Promise<SourceState> {
  const recipes = recipesOf(build.release);
  const pins = await Promise.all(modulesOf(recipes).map(readPins));
  // The whole release decides the key, not the groups asked for: a cluster that adds one finds the rest built.
  const declared = recipes.map((recipe) => ({ ...recipe, expectedSeconds: undefined }));
  const key = keyOf([builder, JSON.stringify(declared), ...pins.flat()]);
  const directory = build.cache.artifacts(build.release.kubernetes, build.arch, key);

  const found = await readIndex(directory);
  const damaged = new Set((await findDamage(directory, found?.artifacts ?? [], 'size')).map((issue) => issue.file));
  const artifacts = (found?.artifacts ?? []).filter((artifact) => !damaged.has(join(directory, artifact.file)));
  const present = new Set(artifacts.map((artifact) => artifact.name));
  const wanted = recipes.filter((recipe) => !recipe.group || build.groups.includes(recipe.group));
  const absent = wanted.filter((recipe) => !present.has(recipe.name));
  const elsewhere =
    absent.length > 0
      ? await findFinished(dirname(directory), await keysOf(absent, build.arch))
      : new Map<string, FinishedArtifact>();
  return {
    directory,
    index: { schema: 1, release: build.release.kubernetes, arch: build.arch, artifacts },
    missing: absent.filter((recipe) => !elsewhere.has(recipe.name)),
    reusable: absent.flatMap((recipe) => {
      const finished = elsewhere.get(recipe.name);
      return finished ? [{ recipe, finished }] : [];
    }),
  };
}

/**
 * Builds what is missing and takes over what another directory of the cache has. Each artifact is finished by a rename and then listed in the index, so an interrupted build
 * goes on where it stopped.
 *
 * @throws HardeningError of kind `prerequisite` before anything is built, or `artifact` when a build fails
 */
export async function buildFromSource(build: SourceBuild, onProgress: OnProgress): Promise<SourceState> {
  const before = await inspectSource(build);
  if (before.missing.length === 0 && before.reusable.length === 0) {
    await recordRecipes(before.directory, await keysOf(recipesOf(build.release), build.arch));
    return before;
  }
  const debian = before.missing.flatMap((recipe) => (recipe.kind === 'image' ? (recipe.root.debian ?? []) : []));
  const roots = debian.some(({ unpackedOnly }) => !unpackedOnly)
    ? 'installed'
    : debian.length > 0
      ? 'unpacked'
      : 'none';
  await checkToolchain(before.missing.flatMap(programsOf), roots, build.arch);
  const onWait = (pid: string) =>
    onProgress({ step: 'lock', detail: `waiting for the build of process ${pid} to end` });
  return withLock(`${before.directory}.lock`, () => buildMissing(build, onProgress), onWait);
}

async function buildMissing(build: SourceBuild, onProgress: OnProgress): Promise<SourceState> {
  const { directory, index, missing, reusable } = await inspectSource(build);
  await mkdir(directory, { recursive: true });
  await recordRecipes(directory, await keysOf(recipesOf(build.release), build.arch));
  const work = `${directory}.work`;
  // A killed build's compiler may still be writing for a moment.
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
  await mkdir(work, { recursive: true });
  for (const { recipe, finished } of reusable) {
    index.artifacts.push(await takeOver(recipe, finished, directory, work));
    onProgress({ step: recipe.name, detail: 'already built', expectedSeconds: 0 });
  }
  if (reusable.length > 0) await writeIndex(directory, index);
  const total = missing.reduce((sum, recipe) => sum + recipe.expectedSeconds, 0);
  let done = 0;
  for (const recipe of missing) {
    const fraction = total > 0 ? done / total : 0;
    const report = (detail: string) =>
      onProgress({ step: recipe.name, detail, fraction, expectedSeconds: recipe.expectedSeconds });
    report('started');
    const scratch = await mkdtemp(join(work, `${recipe.name}-`));
    const context: BuildContext = { cache: build.cache, arch: build.arch, scratch, onDetail: report };
    const artifact = await buildArtifact(recipe, directory, context);
    index.artifacts.push(artifact);
    await writeIndex(directory, index);
    await rm(scratch, { recursive: true });
    done += recipe.expectedSeconds;
    onProgress({ step: recipe.name, detail: 'done', fraction: done / total, expectedSeconds: 0 });
  }
  await rm(work, { recursive: true, force: true });
  return { directory, index, missing: [], reusable: [] };
}

/** Where a recipe's artifact lies in its directory. */
function fileOf(recipe: Recipe): string {
  return recipe.kind === 'binary' ? `bin/${basename(recipe.install)}` : `images/${recipe.name}.tar`;
}

async function takeOver(
  recipe: Recipe,
  finished: FinishedArtifact,
  directory: string,
  work: string,
): Promise<Artifact> {
  const file = fileOf(recipe);
  const temporary = join(work, basename(file));
  await linkFinished(finished, temporary);
  await mkdir(dirname(join(directory, file)), { recursive: true });
  await finishFile(temporary, join(directory, file));
  const { group: _group, roles: _roles, ...rest } = finished.artifact;
  return { ...rest, file, ...(recipe.group && { group: recipe.group }), ...(recipe.roles && { roles: recipe.roles }) };
}

async function buildArtifact(recipe: Recipe, directory: string, context: BuildContext): Promise<Artifact> {
  const file = fileOf(recipe);
  const temporary = join(context.scratch, basename(file));
  const common = {
    name: recipe.name,
    version: recipe.version,
    arch: context.arch,
    file,
    origin: recipe.origin,
    ...(recipe.group && { group: recipe.group }),
    ...(recipe.roles && { roles: recipe.roles }),
  };
  let own: { kind: 'binary'; mode: string; install: string } | { kind: 'image'; reference: string; digest: string };
  if (recipe.kind === 'binary') {
    await buildProgram(recipe.program, temporary, context);
    own = { kind: 'binary', mode: '0755', install: recipe.install };
  } else {
    const digest = await buildImage(recipe, temporary, context);
    own = { kind: 'image', reference: recipe.reference, digest };
  }
  const [sha256, { size }] = await Promise.all([sha256OfFile(temporary), stat(temporary)]);
  await mkdir(dirname(join(directory, file)), { recursive: true });
  await finishFile(temporary, join(directory, file));
  return { ...common, ...own, sha256, size };
}
