import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HardeningError } from '../lib/errors';
import { readIndex } from './artifacts/artifact-index';
import type { Change, Diff, LeavingNode, PlaybookEvent, StepResult } from './events';
import { runPlaybook } from './run-playbook';

export type { Change, Diff, LeavingNode, PlaybookEvent, StepResult, StepStatus } from './events';
export { type PlaybookRequest, runPlaybook } from './run-playbook';

/** What every action on a cluster needs. */
export interface ClusterRequest {
  readonly bundleDirectory: string;
  /** For files that come back. Nothing in it is needed for a later run. */
  readonly stateDirectory: string;
  /** @default `$BULWARK_CACHE`, else `$XDG_CACHE_HOME/bulwark`, else `~/.cache/bulwark` */
  readonly cacheDirectory?: string;
  readonly onEvent?: (event: PlaybookEvent) => void;
}

/** What `applyCluster` is asked for. */
export interface ApplyRequest extends ClusterRequest {
  readonly artifactsDirectory: string;
  /** X.509 certificate in PEM to whose key `super-admin.conf` is encrypted. @default the file is removed */
  readonly operatorCertificate?: string;
  /** Change nothing; report what would change. @default false */
  readonly check?: boolean;
  /** Report before and after of each file, except of files that carry a secret. @default false */
  readonly diff?: boolean;
}

/** What happened on one node. */
export interface NodeOutcome {
  readonly name: string;
  /** How many steps changed something. */
  readonly changed: number;
  /** How many steps ended well. */
  readonly ok: number;
  /** In the order in which they were made; in check mode what would be made. */
  readonly changes: readonly Change[];
  /** In check mode: what a run still has to do although nothing changes by it, such as a record or a wait. */
  readonly chores: readonly string[];
  readonly diffs: readonly Diff[];
  /** What does not stop an installation, but should be looked at. */
  readonly warnings: readonly string[];
}

/** What `applyCluster` did. */
export interface ApplyResult {
  readonly nodes: readonly NodeOutcome[];
  /** Where the encrypted `super-admin.conf` lies, if this run made the cluster and a certificate was given. */
  readonly superAdminFile?: string;
  /** Nodes of the cluster that are not in the bundle. They are left alone; `removeNodes` takes them out. */
  readonly leaving: readonly LeavingNode[];
}

/**
 * Makes the cluster as the bundle describes it; nothing changes where it already is.
 *
 * @throws HardeningError of kind `unreachable`, `apply`, `artifact` or `prerequisite`
 */
export async function applyCluster(request: ApplyRequest): Promise<ApplyResult> {
  const index = await readIndex(request.artifactsDirectory);
  if (index === undefined) {
    const file = join(request.artifactsDirectory, 'index.json');
    throw new HardeningError('artifact', [
      { code: 'ARTIFACT_INDEX_MISSING', file, message: 'there is no artifact index' },
    ]);
  }
  const output = await outputDirectory(request);
  const run = randomUUID();
  const gateway = await atGateway('gateway', request, run);
  const results = await runPlaybook({
    ...request,
    playbook: 'site',
    run,
    variables: {
      bulwark_artifacts: resolve(request.artifactsDirectory),
      bulwark_arch: index.arch,
      bulwark_output: output,
      ...(request.operatorCertificate && { bulwark_operator_certificate: resolve(request.operatorCertificate) }),
    },
  }).catch((error) => releaseAfterInterrupt(error, request, run));
  return outcome([...gateway, ...results]);
}

/** What `applyGateway` is asked for. */
export type GatewayRequest = ClusterRequest & Pick<ApplyRequest, 'check' | 'diff'>;

/**
 * Makes the gateway alone, where the bundle has one, and waits until the nodes behind it answer. `applyCluster` does it
 * too; by itself it serves who wants to look at nodes that have no addresses before.
 *
 * @returns what happened on it; no node where there is none
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function applyGateway(request: GatewayRequest): Promise<ApplyResult> {
  return outcome(await atGateway('gateway', request));
}

/** Runs a playbook of the gateway, where the bundle has one. */
async function atGateway(
  playbook: 'gateway' | 'reset_gateway',
  request: GatewayRequest,
  run?: string,
): Promise<readonly StepResult[]> {
  const spec = JSON.parse(await readFile(join(request.bundleDirectory, 'spec.json'), 'utf8')) as { gateway?: unknown };
  return spec.gateway === undefined ? [] : runPlaybook({ ...request, playbook, run, variables: {} });
}

/** What `resetCluster` is asked for. */
export interface ResetRequest extends ClusterRequest {
  /** Change nothing; report what would be removed. @default false */
  readonly check?: boolean;
}

/**
 * Takes the cluster and everything of ours off every node, and then off the gateway. Its data is lost. The gateway stays
 * as it is where a node fails: it is the way to it.
 *
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function resetCluster(request: ResetRequest): Promise<ApplyResult> {
  const nodes = await runPlaybook({ ...request, playbook: 'reset', variables: {} });
  return outcome([...nodes, ...(await atGateway('reset_gateway', request))]);
}

/** What `removeNodes` is asked for. */
export interface RemoveNodesRequest extends ClusterRequest {
  /** A bundle that still has the nodes: it says how their machines are reached. */
  readonly bundleDirectory: string;
  /** Workers that are drained, reset and deleted. */
  readonly nodes: readonly string[];
  /** Workers whose machine is not asked: only their Node object goes, and the machine keeps its files. @default none */
  readonly forget?: readonly string[];
  /** Seconds that the drain of all of them may last. @default 300 */
  readonly drainSeconds?: number;
  /** Change nothing; report what would be evicted and removed. @default false */
  readonly check?: boolean;
}

/**
 * Takes workers out of the cluster: cordon, drain, reset of the machine, Node object. Looks first whether each machine
 * is the node that is meant. No other node is logged in to but the first control plane; the nodes' packet filters and
 * the list of the certificate approver change with the next `applyCluster`.
 *
 * @throws HardeningError of kind `unreachable` where a machine does not answer, before anything is drained; of kind
 *   `apply` where a pod cannot be evicted in time; of kind `prerequisite`
 */
export async function removeNodes(request: RemoveNodesRequest): Promise<ApplyResult> {
  const { nodes, forget = [], drainSeconds = 300 } = request;
  const variables = { bulwark_leaving: nodes, bulwark_forgotten: forget, bulwark_drain_seconds: drainSeconds };
  const run = randomUUID();
  const results = await runPlaybook({ ...request, playbook: 'remove_nodes', run, variables }).catch((error) =>
    releaseAfterInterrupt(error, request, run),
  );
  return outcome(results);
}

/** What `mintKubeconfig` is asked for. */
export interface KubeconfigRequest extends ClusterRequest {
  /** Name in the certificate. @default 'bulwark:operator' */
  readonly user?: string;
  /** Groups in the certificate. @default ['kubeadm:cluster-admins'] */
  readonly groups?: readonly string[];
  /** Time to live as a Go duration. @default '8h' */
  readonly ttl?: string;
  /** URL of the API server as the operator reaches it. @default the first control plane's address */
  readonly server?: string;
}

/**
 * Makes a kubeconfig that expires and writes it to `kubeconfig` in the state directory, readable by its owner only.
 *
 * @returns its path
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function mintKubeconfig(request: KubeconfigRequest): Promise<string> {
  const output = await outputDirectory(request);
  await runPlaybook({
    ...request,
    playbook: 'kubeconfig',
    variables: {
      bulwark_output: output,
      bulwark_user: request.user ?? 'bulwark:operator',
      bulwark_groups: request.groups ?? ['kubeadm:cluster-admins'],
      bulwark_ttl: request.ttl ?? '8h',
      bulwark_server: request.server ?? '',
    },
  });
  return join(output, 'kubeconfig');
}

/** What `breakGlass` is asked for. */
export interface BreakGlassRequest extends ClusterRequest {
  /** Who gets the rights: letters, digits, `.`, `_`, `@` and `-`. */
  readonly user: string;
  /** Why; everybody who is told reads it. */
  readonly reason: string;
  /** Time to live. */
  readonly seconds: number;
  /** URL of the API server as that person reaches it. @default the first control plane's address */
  readonly server?: string;
}

/**
 * Gives one person every right for a short time, tells of it on the cluster and on its control plane, and writes the
 * credential to `break-glass.kubeconfig` in the state directory, readable by its owner only. The certificate ends by
 * itself, whether or not anybody comes back.
 *
 * @returns its path
 * @throws HardeningError of kind `unreachable`, `apply` or `prerequisite`
 */
export async function breakGlass(request: BreakGlassRequest): Promise<string> {
  const output = await outputDirectory(request);
  await runPlaybook({
    ...request,
    playbook: 'break_glass',
    variables: {
      bulwark_output: output,
      bulwark_user: request.user,
      bulwark_reason: request.reason,
      bulwark_seconds: request.seconds,
      bulwark_server: request.server ?? '',
    },
  });
  return join(output, 'break-glass.kubeconfig');
}

/**
 * Ends every grant of `breakGlass` before its time: the certificates go on to name users who may do nothing.
 *
 * @returns what was taken away
 */
export async function endBreakGlass(request: ClusterRequest): Promise<readonly string[]> {
  const output = await outputDirectory(request);
  const variables = { bulwark_output: output, bulwark_end: true };
  const { nodes } = outcome(await runPlaybook({ ...request, playbook: 'break_glass', variables }));
  return nodes.flatMap(({ changes }) => changes.map(({ name }) => name));
}

async function outputDirectory({ stateDirectory }: ClusterRequest): Promise<string> {
  const directory = resolve(stateDirectory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** After Ctrl-C: join tokens are revoked and the lock is given back, as far as the nodes still answer. */
async function releaseAfterInterrupt(
  error: unknown,
  request: ApplyRequest | RemoveNodesRequest,
  run: string,
): Promise<never> {
  const interrupted = error instanceof HardeningError && error.issues.some(({ code }) => code === 'APPLY_INTERRUPTED');
  if (interrupted && !request.check) {
    request.onEvent?.({ event: 'progress', text: 'interrupted; giving the lock back' });
    const { bundleDirectory, cacheDirectory } = request;
    // The lease ends by itself and tokens expire: a failure here must not hide the interruption.
    await runPlaybook({ bundleDirectory, cacheDirectory, playbook: 'release', run, variables: {} }).catch(() => []);
  }
  throw error;
}

function outcome(results: readonly StepResult[]): ApplyResult {
  const names = [...new Set(results.map(({ node }) => node))].sort();
  const nodes = names.map((name): NodeOutcome => {
    const own = results.filter(({ node }) => node === name);
    return {
      name,
      changed: own.filter(({ status }) => status === 'changed').length,
      ok: own.filter(({ status }) => status === 'ok' || status === 'changed').length,
      changes: own.flatMap(({ changes = [] }) => changes),
      chores: [...new Set(own.flatMap(({ chores = [] }) => chores))],
      diffs: own.flatMap(({ diff = [] }) => diff),
      warnings: own.flatMap(({ warnings_found: warnings = [] }) => warnings),
    };
  });
  const superAdminFile = results.map((result) => result.super_admin_file).find((file) => file !== undefined);
  // The last look counts: objects are applied twice where a node joins.
  const leaving = results.flatMap((result) => (result.leaving ? [result.leaving] : [])).at(-1) ?? [];
  return { nodes, leaving, ...(superAdminFile !== undefined && { superAdminFile }) };
}
