import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembleBundle, type Bundle } from '../../kubeadm';
import { catalogue } from '../../lib/controls/registry';
import { type Resolution, resolve } from '../../lib/resolve';
import type { ClusterSpec } from '../../lib/spec/cluster-spec';
import { parseSpec } from '../../lib/spec/parse';
import { inputs } from './bundle-inputs';

export const goldenDirectory = join(__dirname, '../golden');

/** The clusters whose bundles are kept as files, one `cluster.yaml` each. */
export const goldenCases = ['lab', 'boards', 'kube-proxy', 'surroundings', 'strict'] as const;
export type GoldenCase = (typeof goldenCases)[number];

export function goldenSpec(name: GoldenCase): ClusterSpec {
  const file = join(goldenDirectory, name, 'cluster.yaml');
  const controlIds = catalogue.map(({ id }) => id);
  return parseSpec(readFileSync(file, 'utf8'), { file, today: '2026-01-31', controlIds }).spec;
}

export function goldenResolution(name: GoldenCase): Resolution {
  return resolve(goldenSpec(name), catalogue);
}

export function goldenBundle(name: GoldenCase): Bundle {
  return assembleBundle(goldenResolution(name), inputs);
}
