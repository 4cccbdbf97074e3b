import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownArchitecture } from './architecture';
import { Cache } from './cache';
import { finishFile } from './files';
import { withLock } from './lock';
import { buildProgram } from './programs';
import type { OnProgress } from './progress';
import type { GoProgram } from './recipe';
import { checkToolchain } from './toolchain';

/** A program that inspects rendered files and never reaches a node. */
interface Judge {
  readonly version: string;
  readonly program: GoProgram;
  /** Measured on two cores with an empty cache. */
  readonly expectedSeconds: number;
}

/** The judges that are built from the Go module proxy. */
export const judges = {
  kubeconform: {
    version: '0.8.0',
    program: {
      from: 'go',
      module: 'kubeconform',
      package: 'github.com/yannh/kubeconform/cmd/kubeconform',
      variables: { 'main.version': 'v0.8.0' },
    },
    expectedSeconds: 30,
  },
  'kube-score': {
    version: '1.20.0',
    program: {
      from: 'go',
      module: 'kube-score',
      package: 'github.com/zegl/kube-score/cmd/kube-score',
      variables: { 'main.version': '1.20.0' },
    },
    expectedSeconds: 60,
  },
} as const satisfies Record<string, Judge>;

/** Name of a judge. */
export type JudgeName = keyof typeof judges;

/** Path of a judge's program in the cache, or `undefined` when it has not been built. */
export async function findJudge(name: JudgeName, cacheDirectory?: string): Promise<string | undefined> {
  const path = pathOf(name, new Cache(cacheDirectory));
  return stat(path).then(
    () => path,
    () => undefined,
  );
}

/**
 * Builds the judges that the cache lacks, for the machine this runs on, and returns the path of each.
 *
 * @throws HardeningError of kind `prerequisite` when Go is missing or too old, or `artifact` when a build fails
 */
export async function ensureJudges(
  names: readonly JudgeName[],
  onProgress: OnProgress = () => undefined,
  cacheDirectory?: string,
): Promise<Record<string, string>> {
  const cache = new Cache(cacheDirectory);
  const paths: Record<string, string> = {};
  for (const name of names) {
    paths[name] = (await findJudge(name, cacheDirectory)) ?? (await buildJudge(name, cache, onProgress));
  }
  return paths;
}

async function buildJudge(name: JudgeName, cache: Cache, onProgress: OnProgress): Promise<string> {
  const judge = judges[name];
  const { expectedSeconds } = judge;
  await checkToolchain([judge.program]);
  const output = pathOf(name, cache);
  const report = (detail: string) => onProgress({ step: name, detail, expectedSeconds });
  const build = async () => {
    const directory = dirname(output);
    await mkdir(directory, { recursive: true });
    const scratch = await mkdtemp(`${directory}.work-`);
    const temporary = join(scratch, name);
    await buildProgram(judge.program, temporary, { cache, arch: ownArchitecture(), scratch, onDetail: report });
    await finishFile(temporary, output);
    await rm(scratch, { recursive: true });
    return output;
  };
  return withLock(`${dirname(output)}.lock`, build, (pid) => report(`waiting for the build of process ${pid}`));
}

function pathOf(name: JudgeName, cache: Cache): string {
  return join(cache.judge(name, judges[name].version), name);
}
