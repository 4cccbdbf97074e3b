import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from './artifact-index';
import type { ImageConfig } from './recipe';
import { run } from './run';

/** An image to write: one layer from a directory. */
export interface ImageSource {
  /** The directory that becomes `/`; left unchanged. */
  readonly root: string;
  /** Numeric owner of every file, or `keep` for a root that was made with its own owners. */
  readonly owner: '0:0' | 'keep';
  readonly reference: string;
  readonly arch: string;
  readonly config: ImageConfig;
}

/** Every time in an archive: the same content must be the same bytes. */
const epoch = '1970-01-01T00:00:00Z';

const mediaType = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  // Uncompressed: compressed bytes would change with the version of the compressor, and an import is faster.
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

/**
 * Writes an image as an OCI archive without a container engine. The same root gives the same bytes.
 *
 * The image is named twice in the archive, by tag and by `name@digest`, so that a runtime that imports it also
 * resolves workloads that pin the digest, which otherwise needs a registry.
 *
 * @param scratch an empty directory on the file system of `output`
 * @returns digest of the image's manifest, `sha256:…`
 */
export async function writeOciArchive(image: ImageSource, scratch: string, output: string): Promise<string> {
  const blobs = join(scratch, 'oci', 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });

  const layer = await addLayer(image, scratch, blobs);
  const config = await addJson(blobs, mediaType.config, {
    created: epoch,
    architecture: image.arch,
    os: 'linux',
    config: {
      User: image.config.user ?? '0',
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: image.config.entrypoint,
      Cmd: image.config.command,
      WorkingDir: '/',
    },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = await addJson(blobs, mediaType.manifest, {
    schemaVersion: 2,
    mediaType: mediaType.manifest,
    config,
    layers: [layer],
  });

  const named = (name: string, refName: string) => ({
    ...manifest,
    platform: { architecture: image.arch, os: 'linux' },
    annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': refName },
  });
  const [repository, tag] = splitReference(image.reference);
  await writeFile(
    join(scratch, 'oci', 'index.json'),
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaType.index,
      manifests: [named(image.reference, tag), named(`${repository}@${manifest.digest}`, manifest.digest)],
    }),
  );
  await writeFile(join(scratch, 'oci', 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await archive(join(scratch, 'oci'), '0:0', output);
  await rm(join(scratch, 'oci'), { recursive: true });
  return manifest.digest;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

async function addLayer(image: ImageSource, scratch: string, blobs: string): Promise<Descriptor> {
  const file = join(scratch, 'layer.tar');
  await archive(image.root, image.owner, file);
  const hex = await sha256OfFile(file);
  const { size } = await stat(file);
  await rename(file, join(blobs, hex));
  return { mediaType: mediaType.layer, digest: `sha256:${hex}`, size };
}

async function addJson(blobs: string, type: string, value: unknown): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify(value));
  const hex = createHash('sha256').update(bytes).digest('hex');
  await writeFile(join(blobs, hex), bytes);
  return { mediaType: type, digest: `sha256:${hex}`, size: bytes.length };
}

/** GNU tar with nothing in the headers that depends on when or by whom the directory was made. */
async function archive(directory: string, owner: ImageSource['owner'], output: string): Promise<void> {
  await run('tar', [
    '--create',
    '--format=gnu',
    '--sort=name',
    '--mtime=@0',
    '--numeric-owner',
    // What we staged ourselves has the modes of this process's umask: replaced by ones that everyone may read.
    ...(owner === 'keep' ? [] : ['--owner=0', '--group=0', '--mode=u+rwX,go+rX,go-w']),
    '--directory',
    directory,
    '--file',
    output,
    '.',
  ]);
}

/** `registry/name:tag` as its two parts. */
function splitReference(reference: string): [repository: string, tag: string] {
  const colon = reference.lastIndexOf(':');
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}
