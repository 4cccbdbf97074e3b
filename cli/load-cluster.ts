import { readFileSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { formatIssue, HardeningError, type Issue } from '../lib/errors';
import type { Resolution } from '../lib/resolve';
import { resolveSpec } from '../stacks/resolve-spec';
import type { Console } from './console';

/** A cluster as its file describes it. */
export interface LoadedCluster {
  readonly resolution: Resolution;
  /** Absolute path of the file. */
  readonly file: string;
  /** Folder of what a run leaves on this computer: `.bulwark/<cluster>` beside the file. */
  readonly stateDirectory: string;
}

/** Waivers that change nothing, because the control does not concern this cluster. */
function unusedWaivers({ cluster, controls }: Resolution): readonly Issue[] {
  return cluster.waivers.flatMap((waiver, index) =>
    controls.some(({ id }) => id === waiver.control)
      ? []
      : [
          {
            code: 'SPEC_WAIVER_UNUSED',
            path: `waivers[${index}]`,
            message: `${waiver.control} is not on for this cluster, so the waiver does nothing`,
            fix: 'remove the waiver',
          },
        ],
  );
}

/**
 * Reads a spec file.
 *
 * @throws HardeningError of kind `usage` where it cannot be read
 */
export function readSpecFile(path: string): { readonly file: string; readonly text: string } {
  const file = resolvePath(path);
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new HardeningError('usage', [
      { code: 'SPEC_FILE', file: path, message: reason, fix: 'write one with `bulwark init`' },
    ]);
  }
}

/**
 * Reads and resolves a spec file; warnings are printed.
 *
 * @throws HardeningError as `readSpecFile` and `resolveSpec` do
 */
export function loadCluster(path: string, out: Console): LoadedCluster {
  const { file, text } = readSpecFile(path);
  const { resolution, warnings } = resolveSpec(text, path);
  for (const warning of [...warnings, ...unusedWaivers(resolution)]) {
    out.note(`${out.colour('yellow', 'warning')} ${formatIssue(warning)}`);
  }
  return { resolution, file, stateDirectory: join(dirname(file), '.bulwark', resolution.cluster.spec.name) };
}
