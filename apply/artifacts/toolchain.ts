import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import semver from 'semver';
import { HardeningError, type Issue } from '../../lib/errors';
import { type Architecture, compilerFor, isForeign, ownArchitecture } from './architecture';
import { canRun } from './emulation';
import type { Program } from './recipe';

/** Runs a program of the PATH as it is now; Go must not fetch another Go. */
const execute = (program: string, args: readonly string[]) =>
  promisify(execFile)(program, args, { env: { ...process.env, GOTOOLCHAIN: 'local' } });

/** The oldest Go that builds the release: the newest `go` line of our go.mod files. */
export const minimumGo = '1.26.6';

/** What must be on this machine. */
interface Needs {
  readonly go: boolean;
  readonly compiler: boolean;
  /** libseccomp as it is installed on this machine. */
  readonly seccomp: boolean;
  readonly pkgConfig: boolean;
  readonly mmdebstrap: boolean;
  readonly emulation: boolean;
}

/** What images take from Debian: packages that are only unpacked, or ones whose scripts run. */
export type DebianRoots = 'none' | 'unpacked' | 'installed';

/**
 * Checks that this machine can build the programs and, if there are any, the Debian roots of images.
 *
 * @throws HardeningError of kind `prerequisite` with one issue for everything that is missing, all at once.
 */
export async function checkToolchain(
  programs: readonly Program[],
  debianRoots: DebianRoots = 'none',
  arch: Architecture = ownArchitecture(),
): Promise<void> {
  const needs = needsOf(programs, debianRoots, arch);
  const { compiler, packages } = compilerFor(arch);
  const checks = [
    needs.go && checkGo(),
    needs.compiler && checkProgram(compiler, compiler, `apt-get install ${packages}`),
    needs.pkgConfig && checkProgram('pkg-config', 'pkg-config', 'apt-get install pkg-config'),
    needs.seccomp && checkSeccomp(),
    needs.mmdebstrap && checkProgram('mmdebstrap', 'mmdebstrap', 'apt-get install mmdebstrap'),
    needs.mmdebstrap && checkRoot(),
    needs.emulation && checkEmulation(arch),
    checkProgram('tar', 'tar', 'apt-get install tar'),
    checkProgram('flock', 'util-linux', 'apt-get install util-linux'),
  ].filter((check) => check !== false);
  const issues = (await Promise.all(checks)).filter((issue) => issue !== undefined);
  if (issues.length > 0) throw new HardeningError('prerequisite', issues);
}

function needsOf(programs: readonly Program[], debianRoots: DebianRoots, arch: Architecture): Needs {
  const foreign = isForeign(arch);
  const cgo = programs.some((program) => program.from === 'go' && program.cgo);
  return {
    go: programs.some((program) => program.from !== 'debian'),
    compiler: cgo || programs.some((program) => program.from === 'c'),
    seccomp: cgo && !foreign,
    pkgConfig: cgo && foreign,
    // What cgo links for another machine is unpacked from its packages.
    mmdebstrap: debianRoots !== 'none' || (cgo && foreign) || programs.some((program) => program.from === 'debian'),
    emulation: foreign && debianRoots === 'installed',
  };
}

async function checkGo(): Promise<Issue | undefined> {
  const fix = `install Go ${minimumGo} or newer and put it on the PATH`;
  let output: string;
  try {
    output = (await execute('go', ['env', 'GOVERSION'])).stdout;
  } catch {
    return { code: 'GO_MISSING', message: 'Go is needed to build the node software and was not found', fix };
  }
  const version = semver.coerce(output.trim().replace(/^go/, ''));
  if (version && semver.gte(version, minimumGo)) return undefined;
  return { code: 'GO_TOO_OLD', message: 'Go is too old', got: output.trim(), allowed: `>= ${minimumGo}`, fix };
}

async function checkProgram(program: string, name: string, fix: string): Promise<Issue | undefined> {
  try {
    await execute(program, ['--version']);
    return undefined;
  } catch {
    return { code: 'PROGRAM_MISSING', message: `${name} is needed to build the node software and was not found`, fix };
  }
}

/** runc links the library statically, so the archive must be there and not only the shared object. */
async function checkSeccomp(): Promise<Issue | undefined> {
  try {
    await execute('pkg-config', ['--exists', 'libseccomp']);
    return undefined;
  } catch {
    return {
      code: 'LIBSECCOMP_MISSING',
      message: 'runc needs the development files of libseccomp, found through pkg-config, and they were not found',
      fix: 'apt-get install libseccomp-dev pkg-config',
    };
  }
}

/** Packages run programs of their own architecture while they are installed. */
async function checkEmulation(arch: Architecture): Promise<Issue | undefined> {
  if (await canRun(arch)) return undefined;
  return {
    code: 'EMULATION_MISSING',
    message: `the images of the groups cilium and kube-proxy hold a Debian system, whose packages run ${arch} programs while they are installed, and this machine runs none`,
    fix: `run as root and apt-get install qemu-user-static (and binfmt-support, on Linux before 6.7), or build the other groups only (--group test), or build on a machine that is ${arch}`,
  };
}

async function checkRoot(): Promise<Issue | undefined> {
  if (process.getuid?.() === 0) return undefined;
  return {
    code: 'ROOT_NEEDED',
    message: 'what comes from Debian packages is unpacked by mmdebstrap, which needs root',
    fix: 'run as root, or use an offline directory of artifacts',
  };
}
