import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { HardeningError, type Issue } from '../../lib/errors';
import { writeFileAtomically } from './files';

/** Name of the index inside an artifact directory. */
export const indexFileName = 'index.json';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');

/** A relative path that stays inside the artifact directory. */
const innerPath = z
  .string()
  .min(1)
  .refine((path) => !isAbsolute(path) && normalize(path) === path && !path.startsWith('..'), {
    message: 'must be a normalized path inside the artifact directory',
  });

const common = {
  name: z.string().min(1),
  version: z.string().min(1),
  arch: z.string().min(1),
  /** Path inside the artifact directory. */
  file: innerPath,
  sha256,
  /** Bytes. */
  size: z.number().int().positive(),
  /** Where the content came from: a Go package at its version, or Debian packages. */
  origin: z.string().min(1),
  /** Absent: every cluster needs it. Otherwise only clusters that use the group. */
  group: z.enum(['kube-proxy', 'cilium', 'metrics-server', 'test']).optional(),
  /** Absent: every node needs it. */
  roles: z.array(z.enum(['control-plane', 'worker'])).optional(),
};

const binarySchema = z.strictObject({
  ...common,
  kind: z.literal('binary'),
  /** Octal file mode on the node. */
  mode: z.string().regex(/^0[0-7]{3}$/),
  /** Absolute path on the node. */
  install: z.string().startsWith('/'),
});

const imageSchema = z.strictObject({
  ...common,
  kind: z.literal('image'),
  /** The name that pods ask for. */
  reference: z.string().min(1),
  /** Digest of the image's manifest: what a container runtime shows and what `name@digest` pins. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});

const indexSchema = z.strictObject({
  schema: z.literal(1),
  /** Kubernetes version. */
  release: z.string().min(1),
  arch: z.string().min(1),
  artifacts: z.array(z.discriminatedUnion('kind', [binarySchema, imageSchema])),
});

/** A program that is installed on nodes. */
export type BinaryArtifact = z.infer<typeof binarySchema>;
/** An OCI archive that is imported into the nodes' container runtime. */
export type ImageArtifact = z.infer<typeof imageSchema>;
/** One file of an artifact directory. */
export type Artifact = BinaryArtifact | ImageArtifact;
/** Groups of artifacts that only some clusters need. */
export type ArtifactGroup = NonNullable<Artifact['group']>;
/** What an artifact directory holds. Only finished artifacts are listed. */
export type ArtifactIndex = z.infer<typeof indexSchema>;

/**
 * Reads `index.json` of an artifact directory; `undefined` if there is none.
 *
 * @throws HardeningError of kind `artifact` if the index is not valid.
 */
export async function readIndex(directory: string): Promise<ArtifactIndex | undefined> {
  const file = join(directory, indexFileName);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new HardeningError('artifact', [
      { code: 'ARTIFACT_INDEX_INVALID', file, message: `is not JSON: ${(error as Error).message}` },
    ]);
  }
  const parsed = indexSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new HardeningError(
    'artifact',
    parsed.error.issues.map((issue) => ({
      code: 'ARTIFACT_INDEX_INVALID',
      file,
      path: issue.path.join('.'),
      message: issue.message,
    })),
  );
}

/** Writes the index with its artifacts in name order, so that the same content is the same bytes. */
export async function writeIndex(directory: string, index: ArtifactIndex): Promise<void> {
  const artifacts = [...index.artifacts].sort((a, b) => (a.file < b.file ? -1 : 1));
  await writeFileAtomically(join(directory, indexFileName), `${JSON.stringify({ ...index, artifacts }, null, 2)}\n`);
}

/** SHA-256 of a file in hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** How closely `findDamage` looks: `size` costs nothing, `digest` reads every byte. */
export type Scrutiny = 'size' | 'digest';

/** Compares files with their index and returns one issue for each that is missing or differs. */
export async function findDamage(
  directory: string,
  artifacts: readonly Artifact[],
  scrutiny: Scrutiny,
): Promise<Issue[]> {
  const found = await Promise.all(artifacts.map((artifact) => damageOf(directory, artifact, scrutiny)));
  return found.filter((issue) => issue !== undefined);
}

async function damageOf(directory: string, artifact: Artifact, scrutiny: Scrutiny): Promise<Issue | undefined> {
  const file = join(directory, artifact.file);
  const size = await stat(file).then(
    (stats) => stats.size,
    () => undefined,
  );
  if (size === undefined) return { code: 'ARTIFACT_MISSING', file, message: `the file of ${artifact.name} is missing` };
  if (size !== artifact.size) {
    return {
      code: 'ARTIFACT_SIZE',
      file,
      message: `the file of ${artifact.name} has another size than its index says`,
      got: `${size} bytes`,
      allowed: `${artifact.size} bytes`,
    };
  }
  if (scrutiny === 'size') return undefined;
  const digest = await sha256OfFile(file);
  if (digest === artifact.sha256) return undefined;
  return {
    code: 'ARTIFACT_DIGEST',
    file,
    message: `the file of ${artifact.name} has another sha256 than its index says`,
    got: digest,
    allowed: artifact.sha256,
    fix: 'fetch the file again from where it came from; do not edit the index',
  };
}
