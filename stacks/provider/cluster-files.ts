import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, writeBundle } from '../../kubeadm';
import { catalogue } from '../../lib/controls/registry';
import { type Resolution, resolve } from '../../lib/resolve';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { parseSpec } from '../../lib/spec/parse';
import { makeBundle } from '../cluster-bundle';

/** A cluster as its spec says, rendered. */
export interface RenderedCluster {
  readonly resolution: Resolution;
  readonly bundle: Bundle;
  /** What is accepted but probably not meant. */
  readonly warnings: readonly string[];
}

/**
 * Renders a spec without touching anything.
 *
 * @throws HardeningError of kind `spec` or `weaker` with every error at once
 */
export function renderCluster(input: ClusterSpecInput): RenderedCluster {
  const today = new Date().toISOString().slice(0, 10);
  const { spec, warnings } = parseSpec(input, { today, controlIds: catalogue.map(({ id }) => id) });
  const resolution = resolve(spec, catalogue);
  return { resolution, bundle: makeBundle(resolution), warnings: warnings.map(({ message }) => message) };
}

/** Digest of the bundle's manifest, which holds those of all its files. Hexadecimal. */
export function bundleDigest(bundle: Bundle): string {
  return createHash('sha256')
    .update(bundle.get('manifest.json') ?? '')
    .digest('hex');
}

/** Writes the bundle below the cluster's directory and returns where. */
export function layBundle(bundle: Bundle, stateDirectory: string): string {
  const directory = join(stateDirectory, 'bundle');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  writeBundle(bundle, directory);
  return directory;
}
