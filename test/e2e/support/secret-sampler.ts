import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A place where a text was seen: `argv`, `environ` or a file, on the operator's machine or a node. */
export interface Finding {
  readonly secret: string;
  readonly where: string;
}

/** A machine as this one sees it: lab nodes are containers, so their files lie below the root of their first process. */
export interface SampledMachine {
  readonly name: string;
  /** `/` for the operator's machine, `/proc/<pid>/root` for a node. */
  readonly root: string;
}

export interface SamplerOptions {
  readonly machines: () => readonly SampledMachine[];
  /** Directories below each root in which no secret may ever lie. */
  readonly directories: readonly string[];
  /** Files below each root in which secrets may lie: read while they exist, to know the values to search for. */
  readonly vaults: readonly string[];
  /** Directories of the operator's machine that were there before and are none of the run's. */
  readonly ignored?: readonly string[];
}

/** Bytes: files above this size are read in their newest part only. */
const largest = 4 * 1024 * 1024;
/** Bytes. */
const overlap = 4096;

/**
 * Samples argv and environment of every process, and the files of directories where no secret may lie, as often as the
 * machine allows. Secrets are not known while sampling: they are read from the vaults in passing, and what was
 * collected is searched afterwards.
 */
export class SecretSampler {
  /** Where by text: a text is kept once, however often it is seen. */
  readonly #seen = new Map<string, { where: string; text: string }>();
  readonly #vaultTexts = new Map<string, Set<string>>();
  readonly #versions = new Map<string, { mtimeMs: number; size: number; ino: number }>();
  /** The kernel stamps files by a coarser clock, which lags behind. */
  readonly #since = Date.now() - 1000;
  #timer: NodeJS.Timeout | undefined;
  /** How many rounds were made. */
  rounds = 0;

  constructor(private readonly options: SamplerOptions) {}

  start(): void {
    const round = () => {
      this.sample();
      this.#timer = setTimeout(round, 100);
    };
    round();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.sample();
  }

  /** Adds a text that was collected elsewhere: standard output of the command, a node's journal. */
  add(where: string, text: string): void {
    const key = createHash('sha1').update(text).digest('base64');
    if (!this.#seen.has(key)) this.#seen.set(key, { where, text });
  }

  /** One round over processes and files. */
  sample(): void {
    this.rounds += 1;
    this.#sampleProcesses();
    for (const machine of this.options.machines()) {
      for (const vault of this.options.vaults) this.#readVault(machine, vault);
      for (const directory of this.options.directories) this.#sampleDirectory(machine, directory, 0);
    }
  }

  /** Everything that a vault held at any time. */
  vault(path: string): readonly string[] {
    return [...(this.#vaultTexts.get(path) ?? [])];
  }

  /** Where any of the secrets was seen. */
  find(secrets: ReadonlyMap<string, readonly string[]>): Finding[] {
    const found: Finding[] = [];
    for (const { where, text } of this.#seen.values()) {
      for (const [secret, values] of secrets) {
        if (values.some((value) => text.includes(value))) found.push({ secret, where });
      }
    }
    return found;
  }

  /** Processes of nodes are processes of this machine too, so one walk sees them all. */
  #sampleProcesses(): void {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
      const argv = readQuietly(`/proc/${pid}/cmdline`);
      if (!argv) continue;
      const name = argv.split('\0', 1)[0];
      this.add(`argv of ${name}`, argv.replaceAll('\0', ' '));
      const environment = readQuietly(`/proc/${pid}/environ`);
      if (environment) this.add(`environ of ${name}`, environment);
    }
  }

  #readVault({ root }: SampledMachine, vault: string): void {
    const text = readQuietly(join(root, vault));
    if (!text) return;
    const texts = this.#vaultTexts.get(vault) ?? new Set();
    this.#vaultTexts.set(vault, texts.add(text));
  }

  #sampleDirectory(machine: SampledMachine, directory: string, depth: number): void {
    const path = join(machine.root, directory);
    if (depth > 6 || this.options.ignored?.some((ignored) => machine.root === '/' && directory.startsWith(ignored)))
      return;
    for (const entry of readDirectoryQuietly(path)) {
      const inner = join(directory, entry.name);
      if (entry.isDirectory()) this.#sampleDirectory(machine, inner, depth + 1);
      else if (entry.isFile()) this.#sampleFile(machine, inner);
    }
  }

  #sampleFile(machine: SampledMachine, file: string): void {
    const path = join(machine.root, file);
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const last = this.#versions.get(path);
      if (mtimeMs < this.#since || (last?.mtimeMs === mtimeMs && last.size === size && last.ino === ino)) return;
      this.#versions.set(path, { mtimeMs, size, ino });
      // A log grows at its end; a little of what was read before comes along, for a text that was cut in two.
      const grown = last?.ino === ino && size > last.size;
      const start = Math.max(grown ? last.size - overlap : 0, size - largest, 0);
      this.add(`${machine.name}:${file}`, readFrom(path, start, size));
    } catch {
      // The file went away between listing and reading, as temporary files do.
    }
  }
}

function readFrom(path: string, start: number, end: number): string {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(end - start);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, start)).toString('latin1');
  } finally {
    closeSync(descriptor);
  }
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function readDirectoryQuietly(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}
