import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkMachine, compilerFor, isForeign } from './architecture';
import type { BuildContext } from './build-context';
import { extractPackages } from './debian-root';
import { goEnvironment, goModuleDirectory, moduleSource } from './go-modules';
import type { CProgram, DebianProgram, GoProgram, Program } from './recipe';
import { run } from './run';

/** Builds a program and puts it, executable, at `output`. */
export async function buildProgram(program: Program, output: string, context: BuildContext): Promise<void> {
  await mkdir(dirname(output), { recursive: true });
  if (program.from === 'go') await buildGo(program, output, context);
  else if (program.from === 'c') await compileC(program, output, context);
  else await takeFromDebian(program, output, context);
  await checkMachine(output, context.arch);
  await chmod(output, 0o755);
}

async function buildGo(program: GoProgram, output: string, context: BuildContext): Promise<void> {
  const linkerFlags = [
    '-s -w',
    ...Object.entries(program.variables ?? {}).map(([name, value]) => `-X '${name}=${value}'`),
    ...(program.cgo ? ['-linkmode external', '-extldflags -static-pie'] : []),
  ].join(' ');
  const args = [
    'build',
    '-v',
    '-trimpath',
    ...(program.cgo ? ['-buildmode=pie'] : []),
    ...(program.tags ? ['-tags', program.tags.join(',')] : []),
    '-ldflags',
    linkerFlags,
    '-o',
    output,
    program.package,
  ];
  await run('go', args, {
    cwd: goModuleDirectory(program.module),
    env: { ...goEnvironment(context.cache, context.arch, program.cgo), ...(await crossEnvironment(program, context)) },
    onLine: context.onDetail,
  });
}

/** Where cgo finds a compiler and libseccomp of another architecture; nothing on the machine's own. */
async function crossEnvironment(program: GoProgram, context: BuildContext): Promise<NodeJS.ProcessEnv> {
  if (!program.cgo || !isForeign(context.arch)) return {};
  // Debian's development files of that architecture, unpacked: they need not be installed beside the machine's own.
  const root = join(context.scratch, 'sysroot');
  await extractPackages(root, ['libseccomp-dev'], context);
  const { compiler, tuple } = compilerFor(context.arch);
  const libraries = join(root, 'usr', 'lib', tuple);
  return {
    CC: compiler,
    PKG_CONFIG_SYSROOT_DIR: root,
    PKG_CONFIG_LIBDIR: join(libraries, 'pkgconfig'),
    PKG_CONFIG_PATH: '',
    CGO_CFLAGS: `-O2 -I${join(root, 'usr', 'include')}`,
    CGO_LDFLAGS: `-L${libraries}`,
  };
}

async function compileC(program: CProgram, output: string, context: BuildContext): Promise<void> {
  const source = await moduleSource(context.cache, program.module, program.modulePath, context.arch);
  const defines = Object.entries(program.defines).map(([name, value]) => `-D${name}=${value}`);
  const { compiler } = compilerFor(context.arch);
  await run(
    compiler,
    ['-Os', '-Wall', '-Werror', '-static', '-s', ...defines, '-o', output, join(source, program.file)],
    {
      onLine: context.onDetail,
    },
  );
}

async function takeFromDebian(program: DebianProgram, output: string, context: BuildContext): Promise<void> {
  const root = join(context.scratch, `package-${program.package}`);
  await extractPackages(root, [program.package], context);
  await copyFile(join(root, program.file), output);
}
