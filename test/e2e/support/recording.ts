import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeObservations } from '../../../lib/checks/probe';

/** What the contract test of the controls replays. */
export interface Recording {
  /** Kubernetes version. */
  readonly release: string;
  readonly nodes: readonly NodeObservations[];
}

const recordings = join(__dirname, '../../recordings');

/** Reads the committed recording. */
export const readRecording = async (name: 'stock' | 'hardened'): Promise<Recording> =>
  JSON.parse(await readFile(join(recordings, `${name}.json`), 'utf8'));

/**
 * Writes what was observed on a real cluster, in a stable order. Only what differs from one run to the next without
 * meaning anything is made equal: times, process ids, addresses of the lab's network and random parts of names.
 */
export async function record(
  name: 'stock' | 'hardened',
  release: string,
  observed: readonly NodeObservations[],
  addresses: ReadonlyMap<string, string>,
): Promise<void> {
  const nodes = [...observed].sort((a, b) => (a.node < b.node ? -1 : 1));
  let text = JSON.stringify({ release, nodes: nodes.map(steady) } satisfies Recording, sorted, 1);
  for (const [address, standIn] of addresses) text = text.replaceAll(address, standIn);
  await writeFile(join(recordings, `${name}.json`), `${withoutChance(text)}\n`);
}

const steady = (node: NodeObservations): NodeObservations => ({ ...node, at: '2026-01-01T00:00:00.000Z' });

/** Objects in key order; process ids go, because no judge reads them. */
function sorted(key: string, value: unknown): unknown {
  if (key === 'pid') return 1;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names that a cluster makes up, and clock readings. */
function withoutChance(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '00000000-0000-0000-0000-000000000000')
    .replace(/\bcsr-[a-z0-9]{5}\b/g, 'csr-xxxxx')
    .replace(/-[a-z0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-xxxxxxxxxx-xxxxx');
}
