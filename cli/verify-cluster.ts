import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join, relative } from 'node:path';
import { type Evidence, judgeCluster, locator } from '../lib/evidence';
import { readDocument } from '../lib/spec/document';
import { observeCluster } from '../observe';
import { makeBundle } from '../stacks/cluster-bundle';
import type { LoadedCluster } from './load-cluster';
import { showEvents } from './playbook-progress';
import { Progress } from './progress';
import { evidenceKey, signFile } from './signature';
import { writeClusterBundle } from './write-bundle';

/**
 * Observes a running cluster and judges what was seen against its spec. Both are kept in the state directory, with the
 * evidence of the run before as `evidence.previous.json`; the evidence is signed.
 *
 * @param key SSH private key that signs. @default one of the state directory, made at the first run
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function verifyCluster(loaded: LoadedCluster, key?: string): Promise<Evidence> {
  const { resolution, stateDirectory, file } = loaded;
  const bundle = makeBundle(resolution);
  const bundleDirectory = writeClusterBundle(loaded, bundle);
  const observations = await new Progress().step(
    'Observation',
    (report) => observeCluster({ bundleDirectory, onEvent: showEvents(report) }),
    10,
  );
  const evidence = judgeCluster(resolution, observations, {
    now: new Date(),
    bundleSha256: createHash('sha256')
      .update(bundle.get('manifest.json') ?? '')
      .digest('hex'),
    locate: locator({
      resolution,
      bundle,
      document: readDocument(readFileSync(file, 'utf8')),
      specFile: displayPath(file),
    }),
  });
  const keep = (name: string, value: unknown) =>
    writeFileSync(join(stateDirectory, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  keep('observations.json', { release: resolution.cluster.release.kubernetes, nodes: observations });
  const kept = join(stateDirectory, 'evidence.json');
  if (existsSync(kept)) renameSync(kept, join(stateDirectory, 'evidence.previous.json'));
  keep('evidence.json', evidence);
  signFile(kept, evidenceKey(stateDirectory, key));
  return evidence;
}

/** A path as a report may show it: relative where it lies below the working directory, else the name alone. */
function displayPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') || isAbsolute(path) ? basename(file) : path;
}
