import type { Release } from '../../lib/release';
import type { Architecture } from './architecture';
import type { ArtifactGroup, ArtifactIndex } from './artifact-index';
import { Cache } from './cache';
import { openOffline } from './offline';
import type { OnProgress } from './progress';
import { buildFromSource, inspectSource } from './source';

export { type Architecture, architectures } from './architecture';
export type { Artifact, ArtifactGroup, ArtifactIndex, BinaryArtifact, ImageArtifact } from './artifact-index';
export { Cache } from './cache';
export { ensureJudges, findJudge, type JudgeName, judges } from './judges';
export type { OnProgress, Progress } from './progress';

/** Where node software comes from: built on this machine, or a directory that was built elsewhere. */
export type ArtifactSource = { readonly kind: 'source' } | { readonly kind: 'offline'; readonly directory: string };

/** Which node software is wanted. */
export interface ArtifactRequest {
  readonly release: Release;
  readonly arch: Architecture;
  readonly source: ArtifactSource;
  /** Optional parts, beyond what every cluster needs. */
  readonly groups: readonly ArtifactGroup[];
  /** @default `$BULWARK_CACHE`, else `$XDG_CACHE_HOME/bulwark`, else `~/.cache/bulwark` */
  readonly cacheDirectory?: string;
}

/** What `ensureArtifacts` would do. */
export interface ArtifactPlan {
  /** The directory that the artifacts are or will be in. */
  readonly directory: string;
  /** In order. Empty: everything is there. */
  readonly steps: readonly ArtifactStep[];
}

/** One step of a plan. */
export interface ArtifactStep {
  /** The `step` of its progress events. */
  readonly step: string;
  readonly title: string;
  /** Measured on two cores with an empty cache. */
  readonly expectedSeconds: number;
}

/** A directory of artifacts that match their index. */
export interface ArtifactDirectory {
  readonly directory: string;
  readonly index: ArtifactIndex;
}

/** Says what `ensureArtifacts` would do and about how long it takes, without changing anything. */
export async function planArtifacts(request: ArtifactRequest): Promise<ArtifactPlan> {
  if (request.source.kind === 'offline') {
    const { directory } = request.source;
    return { directory, steps: [{ step: 'verify', title: `verify ${directory}`, expectedSeconds: 5 }] };
  }
  const { directory, missing, reusable } = await inspectSource(sourceBuild(request));
  const build = missing.map((recipe) => ({
    step: recipe.name,
    title: `build ${recipe.kind === 'image' ? `image ${recipe.reference}` : `${recipe.name} ${recipe.version}`}`,
    expectedSeconds: recipe.expectedSeconds,
  }));
  const reuse = { step: 'reuse', title: `take over ${reusable.length} artifacts built before`, expectedSeconds: 0 };
  return { directory, steps: reusable.length > 0 ? [reuse, ...build] : build };
}

/**
 * Returns a directory with every artifact of the request, building or verifying it first.
 *
 * A second call builds nothing; a call after an interrupted build goes on with the first unfinished artifact.
 *
 * @throws HardeningError of kind `prerequisite` when this machine lacks something, or `artifact` when a build fails or
 *   an offline directory is incomplete or does not match its digests.
 */
export async function ensureArtifacts(
  request: ArtifactRequest,
  onProgress: OnProgress = () => undefined,
): Promise<ArtifactDirectory> {
  if (request.source.kind === 'offline') return openOffline(request.source.directory, request, onProgress);
  const { directory, index } = await buildFromSource(sourceBuild(request), onProgress);
  return { directory, index };
}

function sourceBuild(request: ArtifactRequest) {
  const { release, arch, groups } = request;
  return { release, arch, groups, cache: new Cache(request.cacheDirectory) };
}
