import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlaybookEvent, runPlaybook } from '../apply';
import type { NodeObservations } from '../lib/checks/probe';

/** What `observeCluster` is asked for. */
export interface ObserveRequest {
  /** The bundle; its `checks.json` says what to look at. */
  readonly bundleDirectory: string;
  /** @default `$BULWARK_CACHE`, else `$XDG_CACHE_HOME/bulwark`, else `~/.cache/bulwark` */
  readonly cacheDirectory?: string;
  readonly onEvent?: (event: PlaybookEvent) => void;
}

/**
 * Looks at every node once. Changes nothing, except that the audit canary makes, reads and deletes one Secret.
 *
 * @returns what was seen on each node, in the order of their names
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function observeCluster(request: ObserveRequest): Promise<readonly NodeObservations[]> {
  const output = await mkdtemp(join(tmpdir(), 'bulwark-observe-'));
  try {
    await runPlaybook({ ...request, playbook: 'observe', variables: { bulwark_output: output } });
    const directory = join(output, 'observations');
    const names = (await readdir(directory)).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
    return texts.map((text) => JSON.parse(text) as NodeObservations);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}
