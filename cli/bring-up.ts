import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ApplyRequest, type ApplyResult, applyCluster, mintKubeconfig, type NodeOutcome } from '../apply';
import type { ArtifactDirectory } from '../apply/artifacts';
import { exitCodes, HardeningError } from '../lib/errors';
import { type Evidence, isProven } from '../lib/evidence';
import { publicServer } from '../lib/gateway';
import type { Resolution } from '../lib/resolve';
import { artifactRequest } from '../stacks/artifact-request';
import { makeBundle } from '../stacks/cluster-bundle';
import { printChanges } from './changes-report';
import { printNodes } from './cluster-nodes';
import type { Console } from './console';
import { makesCluster } from './drift';
import { printEvidence } from './evidence-report';
import { keepEvidence } from './keep-evidence';
import { type Departure, removeLeaving } from './leaving-nodes';
import type { LoadedCluster } from './load-cluster';
import { isSettled, type Look, type LookOptions, lookAhead } from './look-ahead';
import { makeGateway } from './make-gateway';
import { obtainArtifacts } from './obtain-artifacts';
import { showEvents } from './playbook-progress';
import { Progress } from './progress';
import { verifyCluster } from './verify-cluster';
import { writeClusterBundle } from './write-bundle';

export interface BringUpOptions extends LookOptions {
  /** Show what would change, and ask, before anything does. */
  readonly preview: boolean;
  /** X.509 certificate that `super-admin.conf` is encrypted to. @default the file is removed */
  readonly operatorCertificate?: string;
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
  const gateway =
    options.preview && resolution.cluster.spec.gateway ? await makeGateway(request, options, out) : undefined;
  const look = options.preview ? await lookAhead(loaded, bundle, request, options, out) : undefined;
  // First, while the other nodes still let them in.
  const removed = look?.departure && (await depart(loaded, look.departure, options, out));
  const settled = look !== undefined && isSettled(look);
  if (settled) out.note('Nothing to do: every node is as the spec says, and every control holds.');
  const applied = settled ? look.preview : await apply(request, resolution, out);
  if (!options.preview) printLeaving(applied, out);

  const kubeconfig = join(stateDirectory, 'kubeconfig');
  const first = makesCluster(applied);
  if (first || !existsSync(kubeconfig)) {
    const server = publicServer(resolution.cluster);
    const mint = { ...request, server };
    await new Progress().step('Kubeconfig', (report) => mintKubeconfig({ ...mint, onEvent: showEvents(report) }));
  }
  printNodes(join(artifacts.directory, 'bin', 'kubectl'), kubeconfig, out);
  const evidence = settled ? keepSeen(loaded, look) : await verifyCluster(loaded);
  printEvidence(evidence, out);
  if (first) printCustody(resolution, applied, out);
  out.result(`\nKubeconfig, valid for 8 h: ${kubeconfig} (renew it with bulwark kubeconfig)`);
  out.object({ ...summary(applied, evidence, kubeconfig), gateway: gateway?.nodes, drift: look?.drift, removed });
  if (!isProven(evidence)) process.exitCode = exitCodes.verify;
}

async function apply(request: ApplyRequest, resolution: Resolution, out: Console): Promise<ApplyResult> {
  const applied = await new Progress().step(
    'Cluster',
    (report) => applyCluster({ ...request, onEvent: showEvents(report) }),
    expectedSeconds(resolution),
  );
  out.note('What changed:');
  printChanges(applied, out, request.diff ?? false);
  return applied;
}

function keepSeen({ stateDirectory }: LoadedCluster, { seen }: Look): Evidence {
  keepEvidence(stateDirectory, seen.evidence, seen.observations);
  return seen.evidence;
}

/** @returns what programs are told of it */
async function depart(loaded: LoadedCluster, departure: Departure, options: BringUpOptions, out: Console) {
  const { nodes } = await new Progress().step('Nodes that leave', (report) =>
    removeLeaving(loaded, departure, { ...options, check: false, report }),
  );
  printChanges({ nodes }, out, options.diff);
  return { nodes: departure.nodes, forgotten: departure.forget, changes: nodes.map(changesOf) };
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
  return { nodes: applied.nodes.map(changesOf), superAdminFile: applied.superAdminFile, kubeconfig, evidence };
}

const changesOf = ({ name, changed, changes }: NodeOutcome) => ({ name, changed, changes });
