/**
 * Adds to package-lock.json the optional packages of other platforms that a registry mirror did not offer.
 *
 * npm leaves an optional dependency out of the lock file when the registry at hand lacks it, and `npm ci` then refuses
 * the lock file as out of step. The entries written here carry the pinned version and no digest, because nobody has
 * seen the package; npm never fetches them on a platform whose own packages are in the lock file.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** Platform fields from a name such as `@swc/core-linux-arm-gnueabihf`. */
function platformOf(name) {
  const parts = name.split(/[-/]/);
  const os = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'].find((each) => parts.includes(each));
  const cpu = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64'].find((each) =>
    parts.includes(each),
  );
  return os && cpu ? { os: [os], cpu: [cpu] } : undefined;
}

const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const top = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[nested] || lock.packages[top] || !platform) continue;
    lock.packages[top] = { version, ...platform, ...(entry.dev && { dev: true }), optional: true };
    added.push(name);
  }
}

if (added.length > 0) {
  const { '': root, ...rest } = lock.packages;
  const sorted = Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(`${added.length} optional packages added to package-lock.json`);
