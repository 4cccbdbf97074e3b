import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeObservations } from '../lib/checks/probe';
import type { Evidence } from '../lib/evidence';
import { evidenceKey, signFile } from './signature';

/**
 * Keeps what a verification saw and judged in the state directory, with the evidence of the run before as
 * `evidence.previous.json`, and signs the evidence.
 *
 * @param key SSH private key that signs. @default one of the state directory, made at the first run
 * @throws HardeningError of kind `prerequisite` where ssh-keygen fails
 */
export function keepEvidence(
  stateDirectory: string,
  evidence: Evidence,
  observations: readonly NodeObservations[],
  key?: string,
): void {
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const keep = (name: string, value: unknown) =>
    writeFileSync(join(stateDirectory, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  keep('observations.json', { release: evidence.kubernetesVersion, nodes: observations });
  const kept = join(stateDirectory, 'evidence.json');
  if (existsSync(kept)) renameSync(kept, join(stateDirectory, 'evidence.previous.json'));
  keep('evidence.json', evidence);
  signFile(kept, evidenceKey(stateDirectory, key));
}
