import lock from '../../package-lock.json';

interface Locked {
  readonly version?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}
const packages = lock.packages as unknown as Readonly<Record<string, Locked>>;

/** Path below which a package at `from` finds `name`, as Node looks for it: beside itself, then further up. */
function find(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined;
    if (!folder.includes('/node_modules/')) folder = '';
  }
}

/** What a package needs at run time, without what is optional: `npm ci` does not miss that. */
function needs({ dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }: Locked): readonly string[] {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys(dependencies), ...peers];
}

/**
 * The lock file of a consumer that has the tarball and some packages at the versions of ours. With it `npm ci
 * --offline` takes everything from npm's cache, which `npm ci` of this project filled; without it npm would ask the
 * registry which versions there are.
 *
 * @param tarball path of the packed package, relative to the consumer
 * @param own the package's own entry: its package.json
 * @param names of packages that the consumer installs beside it
 */
export function consumerLock(tarball: string, own: Locked, names: readonly string[]) {
  const found: Record<string, Locked> = {};
  const add = (from: string, name: string): void => {
    const path = find(from, name);
    const entry = path === undefined ? undefined : packages[path];
    if (path === undefined || !entry || path in found) return;
    const { optionalDependencies: _left, ...kept } = entry as Locked & { dev?: boolean; peer?: boolean };
    delete kept.dev;
    delete kept.peer;
    found[path] = kept;
    for (const needed of needs(kept)) add(path, needed);
  };
  for (const name of [...needs(own), ...names]) add('', name);
  const { version, bin, dependencies, peerDependencies, peerDependenciesMeta } = own;
  const bulwark = { version, bin, resolved: `file:${tarball}`, dependencies, peerDependencies, peerDependenciesMeta };
  const wanted = {
    bulwark: `file:${tarball}`,
    ...Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`]?.version])),
  };
  const manifest = { name: 'consumer', version: '1.0.0', private: true, dependencies: wanted };
  return {
    manifest,
    lock: {
      ...{ name: 'consumer', version: '1.0.0', lockfileVersion: 3, requires: true },
      packages: { '': manifest, ...found, 'node_modules/bulwark': bulwark },
    },
  };
}
