import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeObservations } from '../../../lib/checks/probe';
import { at } from '../../../lib/checks/values';
import type { ClusterFacts } from '../../../lib/foreign/cluster-facts';
import type { Json } from '../../../lib/settings/setting';

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
  await write(`${name}.json`, { release, nodes: nodes.map(steady) } satisfies Recording, addresses);
}

/** Writes what a cluster's API tells of it, as far as a description or an import reads it. */
export async function recordFacts(
  name: 'stock' | 'hardened',
  facts: ClusterFacts,
  addresses: ReadonlyMap<string, string>,
): Promise<void> {
  const kept = {
    ...facts,
    nodes: keep(facts.nodes, ['metadata.name', 'metadata.labels', 'spec.taints', 'status.addresses']),
    staticPods: keep(facts.staticPods, ['metadata.name', 'spec.nodeName', 'spec.containers', 'status.phase']),
    namespaces: keep(facts.namespaces, ['metadata.name', 'metadata.labels']),
    // Of this lab's keys and files; what was recorded is read in tests of its own.
    recordedSpec: { fact: null },
  };
  await write(`${name}-facts.json`, kept, addresses);
}

/** The fields of objects that somebody reads. */
function keep(seen: ClusterFacts['nodes'], fields: readonly string[]): ClusterFacts['nodes'] {
  if ('unseen' in seen) return seen;
  return {
    fact: seen.fact.map((object) => {
      const kept: Record<string, Record<string, Json>> = {};
      for (const field of fields) {
        const [part = '', name = ''] = field.split('.');
        const value = at(object, field);
        if (value !== undefined) kept[part] = { ...kept[part], [name]: value };
      }
      return kept;
    }),
  };
}

async function write(file: string, value: unknown, addresses: ReadonlyMap<string, string>): Promise<void> {
  let text = JSON.stringify(value, sorted, 1);
  for (const [address, standIn] of addresses) text = text.replaceAll(address, standIn);
  await writeFile(join(recordings, file), `${withoutChance(text)}\n`);
}

/** Every recording is made at this time. */
const recordedAt = '2026-01-01T00:00:00.000Z';

/** A node as if it had been observed at `recordedAt`: dates keep their distance to that, in days. */
function steady(node: NodeObservations): NodeObservations {
  const day = 24 * 3600 * 1000;
  const shifted = (date: string) => {
    const days = Math.round((Date.parse(date) - Date.parse(node.at)) / day);
    return new Date(Date.parse(recordedAt) + days * day).toISOString().replace('.000Z', 'Z');
  };
  const text = JSON.stringify(node).replace(/"notAfter":"([^"]+)"/g, (_, date) => `"notAfter":"${shifted(date)}"`);
  return { ...JSON.parse(text), at: recordedAt };
}

/** Objects in key order. No judge reads process ids, packet counters or the numbers that the kernel hands out. */
function sorted(key: string, value: unknown): unknown {
  if (['pid', 'bytes', 'packets', 'handle'].includes(key)) return 0;
  if (key === 'port' && typeof value === 'number' && value >= ephemeral) return ephemeral;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** First port of Linux' range for sockets that name none. */
const ephemeral = 32768;

/** Names that a cluster makes up. */
function withoutChance(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '00000000-0000-0000-0000-000000000000')
    .replace(/\bcsr-[a-z0-9]{5}\b/g, 'csr-xxxxx')
    .replace(/-\d{4}(-\d\d){5}\.pem/g, '-2026-01-01-00-00-00.pem')
    .replace(/-[a-z0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-xxxxxxxxxx-xxxxx');
}
