import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ApplyResult, applyCluster, mintKubeconfig } from '../apply';
import type { ArtifactDirectory } from '../apply/artifacts';
import { exitCodes, HardeningError } from '../lib/errors';
import { type Evidence, type EvidenceRow, isProven } from '../lib/evidence';
import type { Resolution } from '../lib/resolve';
import { artifactRequest } from '../stacks/artifact-request';
import { makeBundle } from '../stacks/cluster-bundle';
import { countChanges, printChanges } from './changes-report';
import { printNodes } from './cluster-nodes';
import { confirm } from './confirm';
import type { Console } from './console';
import { driftOf, makesCluster, printDrift } from './drift';
import { printEvidence } from './evidence-report';
import { type Departure, departureOf, removeLeaving } from './leaving-nodes';
import type { LoadedCluster } from './load-cluster';
import { obtainArtifacts } from './obtain-artifacts';
import { showEvents } from './playbook-progress';
import { Progress } from './progress';
import { judgeNow, verifyCluster } from './verify-cluster';
import { writeClusterBundle } from './write-bundle';

export interface BringUpOptions {
  readonly yes: boolean;
  /** Show what would change, and ask, before anything does. */
  readonly preview: boolean;
  /** Show every name and the difference of every file. */
  readonly diff: boolean;
  /** X.509 certificate that `super-admin.conf` is encrypted to. @default the file is removed */
  readonly operatorCertificate?: string;
  /** Nodes that left the spec and whose machine is gone. @default none */
  readonly forget?: readonly string[];
  /** Seconds that the drain of the nodes that left the spec may last. @default 300 */
  readonly drainSeconds?: number;
}

/**
 * The whole way from a spec to a running cluster and its proof. Interrupted at any point, the same call goes on.
 *
 * @param known node software that the caller has at hand already
 * @throws HardeningError as each step does; a control that does not hold sets the exit code and is no exception
 */
export async function bringUp(
  loaded: LoadedCluster,
  options: BringUpOptions,
  out: Console,
  known?: ArtifactDirectory,
): Promise<void> {
  const { resolution, stateDirectory } = loaded;
  requireOneControlPlane(resolution);
  const artifacts =
    known ?? (await obtainArtifacts(artifactRequest(resolution.cluster, loaded.file), options.yes, out));
  const bundle = makeBundle(resolution);
  const bundleDirectory = writeClusterBundle(loaded, bundle);

  const { operatorCertificate, diff } = options;
  const request = {
    bundleDirectory,
    stateDirectory,
    artifactsDirectory: artifacts.directory,
    operatorCertificate,
    diff,
  };
  const progress = new Progress();
  let drift: readonly EvidenceRow[] | undefined;
  let departure: Departure | undefined;
  if (options.preview) {
    // Side by side, because both only look; what is seen on machines without a cluster is not used.
    const [preview, { evidence }] = await progress.step('Preview, which changes nothing', (report) =>
      Promise.all([
        applyCluster({ ...request, check: true, onEvent: showEvents(report) }),
        judgeNow(loaded, { bundle, bundleDirectory, onEvent: () => undefined }),
      ]),
    );
    drift = driftOf(evidence, preview);
    printDrift(drift, out);
    out.note('What would change:');
    printChanges(preview, out, diff);
    departure = departureOf(loaded, preview.leaving, options.forget ?? []);
    if (departure) await previewDeparture(loaded, departure, options, out);
    if (countChanges(preview) > 0 || departure) await confirm('Make these changes?', options.yes);
  }
  // First, while the other nodes still let them in.
  const removed = departure && (await depart(loaded, departure, options, out));
  const applied = await progress.step(
    'Cluster',
    (report) => applyCluster({ ...request, onEvent: showEvents(report) }),
    expectedSeconds(resolution),
  );
  out.note('What changed:');
  printChanges(applied, out, diff);
  if (!options.preview) printLeaving(applied, out);

  const kubeconfig = join(stateDirectory, 'kubeconfig');
  const first = makesCluster(applied);
  if (first || !existsSync(kubeconfig)) {
    await progress.step('Kubeconfig', (report) => mintKubeconfig({ ...request, onEvent: showEvents(report) }));
  }
  printNodes(join(artifacts.directory, 'bin', 'kubectl'), kubeconfig, out);
  const evidence = await verifyCluster(loaded);
  printEvidence(evidence, out);
  if (first) printCustody(resolution, applied, out);
  out.result(`\nKubeconfig, valid for 8 h: ${kubeconfig} (renew it with bulwark kubeconfig)`);
  out.object({ ...summary(applied, evidence, kubeconfig), drift, removed: removed?.nodes });
  if (!isProven(evidence)) process.exitCode = exitCodes.verify;
}

/** Shows what the leaving of nodes would change: which pods move, what is taken off the machines. */
async function previewDeparture(loaded: LoadedCluster, departure: Departure, options: BringUpOptions, out: Console) {
  const preview = await new Progress().step('Preview of the nodes that leave', (report) =>
    removeLeaving(loaded, departure, { ...options, check: true, report }),
  );
  for (const line of departure.lines) out.note(out.colour('bold', line));
  printChanges(preview, out, options.diff);
}

async function depart(loaded: LoadedCluster, departure: Departure, options: BringUpOptions, out: Console) {
  const removed = await new Progress().step('Nodes that leave', (report) =>
    removeLeaving(loaded, departure, { ...options, check: false, report }),
  );
  printChanges(removed, out, options.diff);
  return removed;
}

/** Nobody consented to their end where nothing was shown beforehand. */
function printLeaving({ leaving }: ApplyResult, out: Console): void {
  for (const { name } of leaving) {
    out.note(
      `${out.colour('yellow', 'warning')} node ${name} is in the cluster but not in the spec; \`bulwark up\` with its preview takes it out`,
    );
  }
}

/** Several control planes are rendered, but joining them is not built yet: said here, not halfway through a run. */
function requireOneControlPlane({ cluster }: Resolution): void {
  const count = cluster.controlPlanes.length;
  if (count === 1) return;
  throw new HardeningError('usage', [
    {
      code: 'UP_CONTROL_PLANES',
      path: 'nodes',
      message: 'only clusters of one control plane can be brought up yet',
      got: String(count),
      allowed: '1',
      fix: 'keep one control plane; `bulwark synth` renders the others',
    },
  ]);
}

/** Measured on two cores with three machines in containers. */
function expectedSeconds({ cluster }: Resolution): number {
  return 45 + 10 * cluster.workers.length;
}

/** Said once, after the run that made the cluster: what is lost if the control planes are. */
function printCustody({ cluster }: Resolution, { superAdminFile }: ApplyResult, out: Console): void {
  const names = cluster.controlPlanes.map(({ name }) => name).join(', ');
  out.result(`
${out.colour('bold', 'Back up now.')} The only copies lie on ${names}:
  certificate authorities   /etc/kubernetes/pki
  encryption key            /etc/kubernetes/bulwark/apiserver/encryption
Without the key, encrypted data of an etcd backup cannot be read.
super-admin.conf: ${superAdminFile ?? 'removed; root on a control plane can always make another'}`);
}

function summary(applied: ApplyResult, evidence: Evidence, kubeconfig: string) {
  const nodes = applied.nodes.map(({ name, changed, changes }) => ({ name, changed, changes }));
  return { nodes, superAdminFile: applied.superAdminFile, kubeconfig, evidence };
}
