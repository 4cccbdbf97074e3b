import { open } from 'node:fs/promises';
import { HardeningError } from '../../lib/errors';

/** Architectures of nodes, by Go's names, which are Debian's too. */
export const architectures = ['amd64', 'arm64'] as const;
export type Architecture = (typeof architectures)[number];

/** What an architecture is called elsewhere. */
const names: Readonly<
  Record<Architecture, { readonly machine: number; readonly tuple: string; readonly emulator: string }>
> = {
  // The number of ELF headers, GNU's name, and that of qemu's registration with the kernel.
  amd64: { machine: 62, tuple: 'x86_64-linux-gnu', emulator: 'qemu-x86_64' },
  arm64: { machine: 183, tuple: 'aarch64-linux-gnu', emulator: 'qemu-aarch64' },
};

/** That of this machine; one that no node has counts as amd64, and its builds as cross-builds. */
export const ownArchitecture = (): Architecture => (process.arch === 'arm64' ? 'arm64' : 'amd64');

/** Whether programs of it do not run on this machine as they are. */
export const isForeign = (arch: Architecture): boolean => arch !== ownArchitecture();

/** The C compiler for an architecture and the Debian packages that bring it. */
export function compilerFor(arch: Architecture) {
  const { tuple, emulator } = names[arch];
  return isForeign(arch)
    ? { compiler: `${tuple}-gcc`, packages: `gcc-${tuple.replace('_', '-')} libc6-dev-${arch}-cross`, tuple, emulator }
    : { compiler: 'gcc', packages: 'gcc libc6-dev', tuple, emulator };
}

const hexadecimal = (bytes: readonly number[]) =>
  bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** How the kernel knows a program of an architecture, as it is told: the ELF header, and which of its bits count. */
export function elfHeader(arch: Architecture): { readonly header: string; readonly mask: string } {
  const padding = Array.from({ length: 8 }, () => 0);
  const { machine } = names[arch];
  return {
    // Either kind of program, position independent or not: the lowest bit of the type does not count.
    header: hexadecimal([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, ...padding, 2, 0, machine, 0]),
    mask: hexadecimal([
      ...Array.from({ length: 7 }, () => 0xff),
      0,
      ...padding.map(() => 0xff),
      0xfe,
      0xff,
      0xff,
      0xff,
    ]),
  };
}

/** The architecture of a program's ELF header; undefined for another machine or no program at all. */
export async function architectureOf(program: string): Promise<Architecture | undefined> {
  const file = await open(program);
  try {
    const header = Buffer.alloc(20);
    const { bytesRead } = await file.read(header, 0, header.length, 0);
    if (bytesRead < header.length || header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
    return architectures.find((arch) => names[arch].machine === header.readUInt16LE(18));
  } finally {
    await file.close();
  }
}

/**
 * Makes sure that a build made a program for the machine that it is for.
 *
 * @throws HardeningError of kind `artifact`
 */
export async function checkMachine(program: string, arch: Architecture): Promise<void> {
  const got = await architectureOf(program);
  if (got === arch) return;
  throw new HardeningError('artifact', [
    {
      code: 'ARTIFACT_ARCHITECTURE',
      file: program,
      message: 'the build made a program for another machine',
      got: got ?? 'no program of a known architecture',
      allowed: arch,
      fix: 'check which compiler the environment names',
    },
  ]);
}
