import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { Cache } from '../apply/artifacts/cache';
import { HardeningError } from '../lib/errors';
import { type Evidence, judgeCluster } from '../lib/evidence';
import { hiddenBy } from '../lib/foreign/hidden';
import { type ProfileName, profileNames } from '../lib/profiles/profile';
import { type ForeignObservation, type ForeignRequest, observeForeignCluster } from '../observe/foreign';
import { keepEvidence } from './keep-evidence';
import { showEvents } from './playbook-progress';
import { Progress } from './progress';

/** A cluster that somebody else built, as the command line names it. */
export interface ForeignOptions {
  readonly kubeconfig: string;
  readonly context?: string;
  readonly inventory?: string;
  readonly name?: string;
  readonly profile?: string;
  readonly canary?: boolean;
  readonly key?: string;
}

/** How a cluster is looked at, beside what the command line says. */
type Looking = Pick<ForeignRequest, 'describe' | 'texts'>;

/** What was found of a cluster without a spec, judged. */
export interface JudgedForeign extends ForeignObservation {
  readonly evidence: Evidence;
}

/**
 * Observes and judges a cluster without a spec. Evidence and observations are kept below `.bulwark` in the working
 * directory, as for a cluster of ours.
 *
 * @throws HardeningError of kind `usage`, `unreachable`, `apply` or `prerequisite`
 */
export async function verifyForeign(
  options: ForeignOptions,
): Promise<{ readonly evidence: Evidence; readonly stateDirectory: string }> {
  const { evidence, observations } = await judgeForeign(options);
  const stateDirectory = resolve('.bulwark', evidence.cluster.replace(/[^\w.-]+/g, '-'));
  keepEvidence(stateDirectory, evidence, observations, options.key);
  return { evidence, stateDirectory };
}

/**
 * Observes and judges a cluster without a spec; keeps nothing.
 *
 * @throws HardeningError of kind `usage`, `unreachable`, `apply` or `prerequisite`
 */
export async function judgeForeign(options: ForeignOptions & Looking): Promise<JudgedForeign> {
  const profile = profileOf(options.profile);
  const kubectl = findKubectl();
  const found = await new Progress().step(
    'Observation',
    (report) =>
      observeForeignCluster({
        kubectl,
        kubeconfig: resolve(options.kubeconfig),
        context: options.context,
        inventory: options.inventory && resolve(options.inventory),
        name: options.name,
        profile,
        canary: options.canary === true,
        describe: options.describe,
        texts: options.texts,
        onEvent: showEvents(report),
      }),
    10,
  );
  const { cluster, resolution, observations, warnings } = found;
  const judged = judgeCluster(resolution, observations, { now: new Date(), hidden: hiddenBy(cluster) });
  return { ...found, evidence: { ...judged, warnings: [...warnings, ...judged.warnings] } };
}

export function profileOf(name = 'internet-facing'): ProfileName {
  const found = profileNames.find((one) => one === name);
  if (found) return found;
  throw new HardeningError('usage', [
    { code: 'VERIFY_PROFILE', message: 'there is no such profile', got: name, allowed: profileNames.join(', ') },
  ]);
}

/** kubectl of the user, else one that was built here. */
function findKubectl(): string {
  const built = join(new Cache().directory, 'artifacts');
  const directories = [
    ...(process.env.PATH ?? '').split(delimiter).filter(Boolean),
    ...listed(built).map((name) => join(built, name, 'bin')),
  ];
  const found = directories.map((directory) => join(directory, 'kubectl')).find(isExecutable);
  if (found) return found;
  throw new HardeningError('prerequisite', [
    { code: 'KUBECTL_MISSING', message: 'there is no kubectl on this computer', fix: 'install kubectl' },
  ]);
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
