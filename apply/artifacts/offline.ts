import { join } from 'node:path';
import { HardeningError, type Issue } from '../../lib/errors';
import type { Release } from '../../lib/release';
import { type ArtifactGroup, type ArtifactIndex, findDamage, indexFileName, readIndex } from './artifact-index';
import type { OnProgress } from './progress';
import { recipesOf } from './recipes';

/** What an offline directory must hold. */
export interface OfflineRequest {
  readonly release: Release;
  readonly arch: string;
  readonly groups: readonly ArtifactGroup[];
}

/**
 * Opens a directory of artifacts that was built elsewhere. Every byte is read and compared with the index.
 *
 * @throws HardeningError of kind `artifact` naming each file that is missing or differs, each artifact that the
 *   release needs and the index lacks, and each version that is not the release's.
 */
export async function openOffline(
  directory: string,
  request: OfflineRequest,
  onProgress: OnProgress,
): Promise<{ directory: string; index: ArtifactIndex }> {
  const file = join(directory, indexFileName);
  const index = await readIndex(directory);
  if (!index) {
    throw new HardeningError('artifact', [
      {
        code: 'ARTIFACT_INDEX_MISSING',
        file,
        message: 'is missing: this is not a directory of artifacts',
        fix: 'copy an artifact directory, with its index.json, from the cache of a machine that built it',
      },
    ]);
  }
  onProgress({ step: 'verify', detail: `${index.artifacts.length} files of ${directory}`, fraction: 0 });
  const issues = [...differences(index, request, file), ...(await findDamage(directory, index.artifacts, 'digest'))];
  if (issues.length > 0) throw new HardeningError('artifact', issues);
  onProgress({ step: 'verify', detail: 'done', fraction: 1 });
  return { directory, index };
}

function differences(index: ArtifactIndex, request: OfflineRequest, file: string): Issue[] {
  const issues: Issue[] = [];
  const { release, arch } = request;
  if (index.release !== release.kubernetes || index.arch !== arch) {
    issues.push({
      code: 'ARTIFACT_RELEASE',
      file,
      message: 'holds another release',
      got: `Kubernetes ${index.release} for ${index.arch}`,
      allowed: `Kubernetes ${release.kubernetes} for ${arch}`,
    });
  }
  const versions = new Map(index.artifacts.map((artifact) => [artifact.name, artifact.version]));
  for (const recipe of recipesOf(release)) {
    if (recipe.group && !request.groups.includes(recipe.group)) continue;
    const version = versions.get(recipe.name);
    if (version === recipe.version) continue;
    issues.push({
      code: version ? 'ARTIFACT_VERSION' : 'ARTIFACT_NOT_LISTED',
      file,
      message: version ? `lists another version of ${recipe.name}` : `does not list ${recipe.name}`,
      got: version,
      allowed: recipe.version,
    });
  }
  return issues;
}
