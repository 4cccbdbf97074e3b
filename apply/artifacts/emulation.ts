import { readFile } from 'node:fs/promises';
import { type Architecture, compilerFor, elfHeader, isForeign } from './architecture';
import { run } from './run';

/**
 * Root of a user namespace of its own that has all ids of this machine, in which programs of another architecture run:
 * since Linux 6.7 each user namespace registers its own interpreters, so that nothing changes for this machine. What it
 * mounts and what it starts ends with it.
 */
const inNamespace = `set -eu
unshare --user --mount --pid --fork --kill-child -- sh -c '
  set -eu
  until [ "$(id -u)" = 0 ]; do sleep 0.1; done
  mount --make-rprivate /
  mount -t proc proc /proc
  mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
  printf %s "$1" > /proc/sys/fs/binfmt_misc/register
  shift
  exec "$@"' sh ":$1:M::$2:$3:$(command -v "$1-static"):F" "\${@:4}" &
child=$!
for map in uid_map gid_map; do
  until echo 0 0 4294967295 2>/dev/null > /proc/$child/$map; do
    kill -0 $child
    sleep 0.1
  done
done
wait $child`;

/** Whether this machine runs programs of the architecture everywhere, by itself or because somebody registered qemu. */
async function runsHere(arch: Architecture): Promise<boolean> {
  if (!isForeign(arch)) return true;
  const registered = await readFile(`/proc/sys/fs/binfmt_misc/${compilerFor(arch).emulator}`, 'utf8').catch(() => '');
  return registered.startsWith('enabled');
}

/** The command that runs another as root, with mounts of its own, where programs of an architecture run. */
export async function runningPrograms(arch: Architecture, words: readonly string[]): Promise<[string, ...string[]]> {
  // A mount namespace of its own: what is mounted ends with it, however it ends.
  if (await runsHere(arch)) return ['unshare', '--mount', '--propagation=private', ...words];
  const { header, mask } = elfHeader(arch);
  return ['bash', '-c', inNamespace, 'bash', compilerFor(arch).emulator, header, mask, ...words];
}

/** Whether programs of an architecture run on this machine, emulated or not. */
export async function canRun(arch: Architecture): Promise<boolean> {
  if (await runsHere(arch)) return true;
  const [program, ...args] = await runningPrograms(arch, ['true']);
  // The PATH as it is now.
  return run(program, args, { env: { ...process.env } }).then(
    () => true,
    () => false,
  );
}
