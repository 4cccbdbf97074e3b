import { execFileSync } from 'node:child_process';
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Architecture, type ArtifactIndex, Cache, type ImageArtifact } from '../../apply/artifacts';
import { releases } from '../../lib/release';

/** Programs that only exist inside an image, by the path they have there. */
const inImage: Readonly<Record<string, { image: string; path: string }>> = {
  etcd: { image: 'etcd', path: 'usr/local/bin/etcd' },
  'kube-apiserver': { image: 'kube-apiserver', path: 'usr/local/bin/kube-apiserver' },
  'kube-controller-manager': { image: 'kube-controller-manager', path: 'usr/local/bin/kube-controller-manager' },
  'kube-proxy': { image: 'kube-proxy', path: 'usr/local/bin/kube-proxy' },
  'metrics-server': { image: 'metrics-server', path: 'metrics-server' },
  'kube-scheduler': { image: 'kube-scheduler', path: 'usr/local/bin/kube-scheduler' },
};

const root = join(__dirname, '../..');
const release = releases['1.36'];
const cache = new Cache();

/**
 * Records something that could not be tested here. `npm test` lists the rows by name and counts them as skipped.
 *
 * @param name what did not run, unique
 * @param reason why
 */
export function notRun(name: string, reason: string): void {
  mkdirSync(join(root, 'reports'), { recursive: true });
  appendFileSync(join(root, 'reports/not-run.jsonl'), `${JSON.stringify({ name, reason })}\n`);
}

/** Path of a real program: on PATH, or of the release's own build in the cache. Nothing is built for a test. */
export function findProgram(name: string): string | undefined {
  return fromArtifacts(name, 'amd64') ?? fromJudges(name) ?? fromPath(name);
}

/** Path of the release's own build of a program for boards, which runs here under emulation only. */
export function findArm64Program(name: string): string | undefined {
  return fromArtifacts(name, 'arm64');
}

/**
 * A group of tests that need real programs. Where one is missing a single skipped test says so: `npm test` lists it as
 * NOT RUN, and a file of such groups alone is no error to jest.
 *
 * @param body defines the tests; is given the path of each program by name
 */
export function describeWith<N extends string>(
  title: string,
  programs: readonly N[],
  body: (paths: Readonly<Record<N, string>>) => void,
): void {
  const found = programs.map((name) => [name, findProgram(name)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  if (missing.length > 0) {
    const reason = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} neither in the cache nor on PATH`;
    test.skip(`${title}: ${reason}`, () => undefined);
    return;
  }
  describe(title, () => body(Object.fromEntries(found) as Record<N, string>));
}

function fromPath(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return directories
    .filter(Boolean)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/** Below `judges/`, where each program has a directory of its own, `<name>-<version>`. */
function fromJudges(name: string): string | undefined {
  return listed(join(cache.directory, 'judges'))
    .filter((directory) => directory.startsWith(`${name}-`))
    .map((directory) => join(cache.directory, 'judges', directory, name))
    .find(isExecutable);
}

/** The newest artifact directory of the release that holds the program. Its versions are those that are deployed. */
function fromArtifacts(name: string, arch: Architecture): string | undefined {
  const above = join(cache.directory, 'artifacts');
  const directories = listed(above)
    .filter((entry) => entry.startsWith(`${release.kubernetes}-${arch}-`))
    .map((entry) => join(above, entry))
    .filter((directory) => existsSync(join(directory, 'index.json')))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const directory of directories) {
    const index = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')) as ArtifactIndex;
    const binary = index.artifacts.find((artifact) => artifact.kind === 'binary' && artifact.name === name);
    if (binary) return join(directory, binary.file);
    const image = index.artifacts.find(
      (artifact): artifact is ImageArtifact => artifact.kind === 'image' && artifact.name === inImage[name]?.image,
    );
    if (image) return fromImage(name, directory, image);
  }
  return undefined;
}

/** Takes a program out of an image, once per image. */
function fromImage(name: string, directory: string, image: ImageArtifact): string {
  const target = cache.judge(name, `${image.version}-${image.sha256.slice(0, 12)}`);
  const program = join(target, name);
  if (existsSync(program)) return program;

  const archive = join(directory, image.file);
  // Members may or may not begin with `./`.
  const blob = (digest: string) => ['--no-anchored', `blobs/${digest.replace(':', '/')}`];
  const manifest = execFileSync('tar', ['-xOf', archive, ...blob(image.digest)], { encoding: 'utf8' });
  const layer: string = JSON.parse(manifest).layers[0].digest;
  mkdirSync(join(cache.directory, 'judges'), { recursive: true });
  const work = mkdtempSync(join(cache.directory, 'judges', '.extract-'));
  try {
    const flat = ['-C', work, '--transform', 's,.*/,,'];
    execFileSync('tar', ['-xf', archive, ...flat, ...blob(layer)]);
    execFileSync('tar', [
      '-xf',
      join(work, layer.slice('sha256:'.length)),
      ...flat,
      '--no-anchored',
      inImage[name]?.path ?? '',
    ]);
    mkdirSync(target, { recursive: true });
    renameSync(join(work, name), program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

function listed(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
