import { link, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, findDamage, readIndex } from './artifact-index';
import { keyOf } from './cache';
import { writeFileAtomically } from './files';
import { readPins } from './go-modules';
import { modulesOf, type Recipe } from './recipe';

/** Raised when building itself changes what comes out for the same declarations: it is part of every key. */
export const builder = 'builder 2';

/** Name of the file, beside the index, that says by which recipe each artifact of the directory is made. */
const recordFileName = 'recipes.json';

/** Key of each recipe, by the artifact's name. */
type RecipeKeys = Readonly<Record<string, string>>;

/** A finished artifact, where it lies in the cache. */
export interface FinishedArtifact {
  /** The artifact directory that it is in. */
  readonly directory: string;
  readonly artifact: Artifact;
}

/** For each recipe a digest of everything declared that decides the content of its artifact, and of nothing else. */
export async function keysOf(recipes: readonly Recipe[], arch: string): Promise<RecipeKeys> {
  const keys = recipes.map(async (recipe) => {
    // Who needs an artifact and how long it takes to build change nothing in it.
    const declared = { ...recipe, expectedSeconds: undefined, group: undefined, roles: undefined };
    const pins = await Promise.all(modulesOf([recipe]).map(readPins));
    return [recipe.name, keyOf([builder, arch, JSON.stringify(declared), ...pins.flat()])] as const;
  });
  return Object.fromEntries(await Promise.all(keys));
}

/** Records what an artifact directory is made from. It never changes: other recipes give another directory. */
export async function recordRecipes(directory: string, keys: RecipeKeys): Promise<void> {
  if (await readRecord(directory)) return;
  await writeFileAtomically(join(directory, recordFileName), `${JSON.stringify(keys, null, 2)}\n`);
}

/**
 * Finds artifacts that any directory of the cache holds, undamaged, for these recipes.
 *
 * @param above the folder of all artifact directories
 */
export async function findFinished(above: string, wanted: RecipeKeys): Promise<Map<string, FinishedArtifact>> {
  const found = new Map<string, FinishedArtifact>();
  const entries = await readdir(above, { withFileTypes: true }).catch(() => []);
  for (const directory of entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(above, name))) {
    const record = await readRecord(directory);
    if (!record) continue;
    // A sibling that is broken is no reason not to build.
    const index = await readIndex(directory).catch(() => undefined);
    const same = (index?.artifacts ?? []).filter(({ name }) => wanted[name] && wanted[name] === record[name]);
    const damaged = new Set((await findDamage(directory, same, 'size')).map((issue) => issue.file));
    for (const artifact of same) {
      if (!damaged.has(join(directory, artifact.file))) found.set(artifact.name, { directory, artifact });
    }
  }
  return found;
}

/** Gives a finished artifact a second name: no bytes are copied, and either directory may be deleted. */
export async function linkFinished({ directory, artifact }: FinishedArtifact, path: string): Promise<void> {
  await link(join(directory, artifact.file), path);
}

async function readRecord(directory: string): Promise<RecipeKeys | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, recordFileName), 'utf8')) as RecipeKeys;
  } catch {
    return undefined;
  }
}
