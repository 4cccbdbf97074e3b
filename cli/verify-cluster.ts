import { readFileSync } from 'node:fs';
import { basename, isAbsolute, relative } from 'node:path';
import type { Bundle } from '../kubeadm';
import { type Evidence, judgeCluster, locator } from '../lib/evidence';
import { readDocument } from '../lib/spec/document';
import { type ObserveRequest, observeCluster } from '../observe';
import { bundleDigest, makeBundle } from '../stacks/cluster-bundle';
import { keepEvidence } from './keep-evidence';
import type { LoadedCluster } from './load-cluster';
import { showEvents } from './playbook-progress';
import { Progress } from './progress';
import { writeClusterBundle } from './write-bundle';

/**
 * Observes a running cluster and judges what was seen against its spec. Both are kept in the state directory.
 *
 * @param key SSH private key that signs. @default one of the state directory, made at the first run
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function verifyCluster(loaded: LoadedCluster, key?: string): Promise<Evidence> {
  const { resolution, stateDirectory } = loaded;
  const bundle = makeBundle(resolution);
  const bundleDirectory = writeClusterBundle(loaded, bundle);
  const { evidence, observations } = await new Progress().step(
    'Observation',
    (report) => judgeNow(loaded, { bundle, bundleDirectory, onEvent: showEvents(report) }),
    10,
  );
  keepEvidence(stateDirectory, evidence, observations, key);
  return evidence;
}

/** What `judgeNow` looks at: a bundle, and where it is written. */
interface Subject extends ObserveRequest {
  readonly bundle: Bundle;
}

/**
 * Observes a running cluster and judges what was seen; keeps nothing.
 *
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function judgeNow({ resolution, file }: LoadedCluster, { bundle, ...request }: Subject) {
  const observations = await observeCluster(request);
  const evidence = judgeCluster(resolution, observations, {
    now: new Date(),
    bundleSha256: bundleDigest(bundle),
    locate: locator({
      resolution,
      bundle,
      document: readDocument(readFileSync(file, 'utf8')),
      specFile: displayPath(file),
    }),
  });
  return { evidence, observations };
}

/** A path as a report may show it: relative where it lies below the working directory, else the name alone. */
function displayPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') || isAbsolute(path) ? basename(file) : path;
}
