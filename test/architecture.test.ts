import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..');

/** The table of docs/explanation/architecture.md. A room may always import itself. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  kubeadm: ['lib'],
  constructs: ['lib'],
  apply: ['lib', 'kubeadm'],
  observe: ['lib', 'kubeadm', 'apply'],
  lab: ['lib', 'apply'],
  stacks: ['lib', 'kubeadm', 'constructs', 'apply', 'observe', 'lab'],
  cli: ['lib', 'kubeadm', 'constructs', 'apply', 'observe', 'lab', 'stacks'],
};

/** Files that git knows or would add, so that ignored and generated folders never count. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && statSync(join(root, file), { throwIfNoEntry: false })?.isFile());

const sources = files.filter((file) => file.endsWith('.ts') && (file.split('/')[0] ?? '') in rooms);

interface Import {
  readonly from: string;
  readonly specifier: string;
  /** The imported file, relative to the root; undefined for a package. */
  readonly to?: string;
}

const known = new Set(files);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName: specifier }) => {
    if (!specifier.startsWith('.')) return { from: file, specifier };
    const path = relative(root, join(root, dirname(file), specifier));
    const candidates = [`${path}.ts`, `${path}/index.ts`, path];
    return { from: file, specifier, to: candidates.find((candidate) => known.has(candidate)) ?? path };
  });
}

const imports = sources.flatMap(importsOf);
const roomOf = (file: string) => file.split('/')[0] ?? '';

describe('rooms', () => {
  test('there is something to check', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(20);
  });

  test('import only the rooms that they may', () => {
    const wrong = imports
      .filter(({ from, to }) => to !== undefined && roomOf(to) in rooms && roomOf(to) !== roomOf(from))
      .filter(({ from, to }) => !(rooms[roomOf(from)] ?? []).includes(roomOf(to ?? '')))
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  test('import nothing from test/, scripts/ or a file that does not exist', () => {
    const wrong = imports
      .filter(({ to }) => to !== undefined && (!known.has(to) || !(roomOf(to) in rooms)))
      .map(({ from, specifier }) => `${from} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  test('lib and kubeadm do no I/O, except the one writer of bundles', () => {
    const io = /^(node:)?(fs|fs\/promises|child_process|http|https|net|tls|dgram|dns|os|process|worker_threads)$/;
    // node:net is imported for isIP, which only reads its argument.
    const allowed = new Set(['lib/spec/primitives.ts node:net', 'kubeadm/bundle/write.ts node:fs']);
    const pure = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress']);
    const wrong = imports
      .filter(({ from, specifier }) => ['lib', 'kubeadm'].includes(roomOf(from)) && io.test(specifier))
      .filter(({ from, specifier }) => !allowed.has(`${from} ${specifier}`))
      .filter(({ from, specifier }) => specifier !== 'node:net' || !importsOnly(from, specifier, pure))
      .map(({ from, specifier }) => `${from} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  test('only constructs, stacks and cli load cdk8s, and only components, the provider and ready stacks load Pulumi', () => {
    const wrong = imports
      .filter(
        ({ from, specifier }) =>
          (/^(cdk8s|constructs)(-|\/|$)/.test(specifier) && !['constructs', 'stacks', 'cli'].includes(roomOf(from))) ||
          (specifier.startsWith('@pulumi/') &&
            !/^stacks\/(components|provider|lab|machines|raspberry-pi)\//.test(from)),
      )
      .map(({ from, specifier }) => `${from} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  test('have no import cycles', () => {
    expect(cycles()).toEqual([]);
  });
});

/** Whether `file` takes nothing but `names` from `specifier`. */
function importsOnly(file: string, specifier: string, names: ReadonlySet<string>): boolean {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern = new RegExp(`import\\s*\\{([^}]*)\\}\\s*from\\s*'${specifier}'`, 'g');
  const taken = [...text.matchAll(pattern)].flatMap((match) => (match[1] ?? '').split(',').map((name) => name.trim()));
  return taken.length > 0 && taken.filter(Boolean).every((name) => names.has(name));
}

function cycles(): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) if (to) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      found.push([...path.slice(start), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const each of next.get(file) ?? []) visit(each, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

describe('files', () => {
  const ours = files.filter((file) => !/(^|\/)(package-lock\.json|go\.(mod|sum)|LICENSE)$/.test(file));
  const text = (file: string) => readFileSync(join(root, file), 'utf8');

  test('of code seldom exceed 300 lines and never 400', () => {
    const code = ours.filter((file) => /\.(ts|mjs|py|sh)$/.test(file) && !file.endsWith('registry.ts'));
    const lengths = code.map((file) => ({ file, lines: text(file).split('\n').length - 1 }));
    expect(lengths.filter(({ lines }) => lines > 400)).toEqual([]);
    expect(lengths.filter(({ lines }) => lines > 300).length).toBeLessThanOrEqual(Math.ceil(code.length * 0.02));
  });

  test('are named in kebab-case', () => {
    const wrong = sources.filter(
      (file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.ts$/.test(file.split('/').at(-1) ?? ''),
    );
    expect(wrong).toEqual([]);
  });

  test('hold no path of a build machine and no registry or proxy host', () => {
    const pattern = new RegExp(
      [
        String.raw`(^|[\s'"=:(])/(work|home/[a-z]+)/`,
        'registry\\.npm' + 'js\\.org',
        'proxy\\.golang' + '\\.org',
        'files\\.python' + 'hosted',
      ].join('|'),
      'm',
    );
    const wrong = ours
      .map((file) => ({ file, hit: pattern.exec(text(file))?.[0].trim() }))
      .filter(({ hit }) => hit !== undefined);
    expect(wrong).toEqual([]);
  });

  test('hold no private key', () => {
    // A key has a body; a test of what hides keys may show the frame.
    const pattern = new RegExp(`-----BEGIN ([A-Z]+ )?PRIVATE ${'KEY'}-----[\\s\\\\nr]*[A-Za-z0-9+/]{48}`);
    expect(ours.filter((file) => pattern.test(text(file)))).toEqual([]);
  });
});
