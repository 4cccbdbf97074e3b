import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOciArchive } from '../../../apply/artifacts/oci-archive';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('an OCI archive', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bulwark-oci-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** The same content, made at another time, in another order, under another umask. */
  function makeRoot(name: string, order: readonly string[], umask: number, time: number): string {
    const root = join(directory, name);
    const before = process.umask(umask);
    try {
      mkdirSync(join(root, 'bin'), { recursive: true });
      for (const file of order) writeFileSync(join(root, 'bin', file), `program ${file}`);
      for (const file of order) chmodSync(join(root, 'bin', file), 0o755 & ~umask);
      symlinkSync('one', join(root, 'bin', 'link'));
      for (const file of order) utimesSync(join(root, 'bin', file), time, time);
    } finally {
      process.umask(before);
    }
    return root;
  }

  async function write(root: string, name: string): Promise<{ digest: string; file: string }> {
    const scratch = join(directory, `${name}.scratch`);
    const file = join(directory, `${name}.tar`);
    mkdirSync(scratch);
    const digest = await writeOciArchive(
      {
        root,
        owner: '0:0',
        reference: 'registry.example:5000/some/name:v1',
        arch: 'amd64',
        config: { entrypoint: ['/bin/one'], user: '65532:65532' },
      },
      scratch,
      file,
    );
    return { digest, file };
  }

  const member = (file: string, path: string) => execFileSync('tar', ['-xOf', file, `./${path}`]);
  const blob = (file: string, digest: string) => member(file, `blobs/${digest.replace(':', '/')}`);

  test('has the same bytes for the same content, whenever and however it was laid out', async () => {
    const first = await write(makeRoot('a', ['one', 'two'], 0o022, 1), 'first');
    const second = await write(makeRoot('b', ['two', 'one'], 0o077, 2_000_000_000), 'second');
    expect(second.digest).toBe(first.digest);
    expect(sha256(readFileSync(second.file))).toBe(sha256(readFileSync(first.file)));
  });

  test('has other bytes for other content', async () => {
    const first = await write(makeRoot('a', ['one'], 0o022, 1), 'first');
    const second = await write(makeRoot('b', ['one', 'two'], 0o022, 1), 'second');
    expect(second.digest).not.toBe(first.digest);
  });

  test('is named by tag and by digest, and each digest is that of the bytes', async () => {
    const { digest, file } = await write(makeRoot('a', ['one'], 0o022, 1), 'image');
    const index = JSON.parse(member(file, 'index.json').toString());
    expect(index.manifests.map((each: { digest: string }) => each.digest)).toEqual([digest, digest]);
    expect(
      index.manifests.map(
        (each: { annotations: Record<string, string> }) => each.annotations['io.containerd.image.name'],
      ),
    ).toEqual(['registry.example:5000/some/name:v1', `registry.example:5000/some/name@${digest}`]);

    const manifestBytes = blob(file, digest);
    expect(`sha256:${sha256(manifestBytes)}`).toBe(digest);
    const manifest = JSON.parse(manifestBytes.toString());
    for (const part of [manifest.config, ...manifest.layers]) {
      const bytes = blob(file, part.digest);
      expect({ digest: `sha256:${sha256(bytes)}`, size: bytes.length }).toEqual({
        digest: part.digest,
        size: part.size,
      });
    }
    const config = JSON.parse(blob(file, manifest.config.digest).toString());
    expect(config).toMatchObject({
      architecture: 'amd64',
      os: 'linux',
      config: { User: '65532:65532', Entrypoint: ['/bin/one'] },
      rootfs: { diff_ids: [manifest.layers[0].digest] },
    });
  });

  test('holds files of root that everyone may read and run, whatever the umask was', async () => {
    const { digest, file } = await write(makeRoot('a', ['one'], 0o077, 1), 'image');
    const manifest = JSON.parse(blob(file, digest).toString());
    const layer = join(directory, 'layer.tar');
    writeFileSync(layer, blob(file, manifest.layers[0].digest));
    const listing = execFileSync('tar', ['--numeric-owner', '-tvf', layer]).toString();
    expect(listing).toMatch(/^drwxr-xr-x 0\/0 .* \.\/bin\/$/m);
    expect(listing).toMatch(/^-rwxr-xr-x 0\/0 .* \.\/bin\/one$/m);
    expect(listing).toMatch(/^l\S+ 0\/0 .* \.\/bin\/link -> one$/m);
  });
});
