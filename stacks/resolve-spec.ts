import { catalogue } from '../lib/controls/registry';
import type { Issue } from '../lib/errors';
import { type Resolution, resolve } from '../lib/resolve';
import type { ClusterSpecInput } from '../lib/spec/cluster-spec';
import { parseSpec } from '../lib/spec/parse';

/** A spec, decided. */
export interface ResolvedSpec {
  readonly resolution: Resolution;
  /** What is accepted but probably not meant. */
  readonly warnings: readonly Issue[];
}

/**
 * Reads a spec as it stands today, when a waiver may have expired, and decides every control there is.
 *
 * @param source text of the YAML file, or an object
 * @param file name of the file, as errors print it
 * @param today the day that waivers are held against, as YYYY-MM-DD
 * @throws HardeningError as `parseSpec` and `resolve` do
 */
export function resolveSpec(
  source: string | ClusterSpecInput,
  file?: string,
  today = new Date().toISOString().slice(0, 10),
): ResolvedSpec {
  const { spec, warnings } = parseSpec(source, { file, today, controlIds: catalogue.map(({ id }) => id) });
  return { resolution: resolve(spec, catalogue), warnings };
}
