import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { knownHostsFiles, knownKey } from '../apply/host-keys';
import { inventoryNodes } from '../apply/inventory-nodes';
import { freeValue } from '../kubeadm/plan/extra-arguments';
import { allSettings } from '../kubeadm/plan/settings';
import { HardeningError } from '../lib/errors';
import type { ForeignCluster } from '../lib/foreign/describe-cluster';
import { type ImportedSpec, importedFiles, importSpec, missingHostKey } from '../lib/foreign/import-spec';
import { describeRecorded } from '../lib/foreign/recorded-cluster';
import type { ClusterSpec } from '../lib/spec/cluster-spec';
import { sparse } from '../lib/spec/spec-record';
import type { Console } from './console';
import { importedText, showImported } from './imported-text';
import { type ForeignOptions, type JudgedForeign, judgeForeign, profileOf } from './verify-foreign';

export interface ImportClusterOptions extends ForeignOptions {
  readonly out: string;
  readonly allowedApiCidr: readonly string[];
  readonly operatorCidr: readonly string[];
}

/**
 * Writes the spec of a running kubeadm cluster, and says what differs: the one that it was made of where the cluster
 * keeps that, else the one that comes closest. Changes nothing there.
 *
 * @throws HardeningError of kind `usage` where the file exists, or where nothing tells who may connect; else as
 *   `judgeForeign`
 */
export async function importCluster(options: ImportClusterOptions, out: Console): Promise<void> {
  if (existsSync(options.out)) throw exists(options.out);
  const found = await judgeForeign({
    ...options,
    canary: false,
    texts: importedFiles,
    describe: (facts, how) => {
      const cluster = describeRecorded(facts, how);
      if (!cluster.recorded) requireNetworks(options);
      return cluster;
    },
  });
  const { cluster, evidence } = found;
  const imported = cluster.recorded ? recordedSpec(cluster, options) : await closestSpec(found, options);
  const changes = evidence.rows.filter(({ verdict }) => verdict === 'fail');
  try {
    writeFileSync(options.out, importedText(imported), { flag: 'wx' });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? exists(options.out) : error;
  }
  out.object({ file: options.out, ...imported, changes, warnings: evidence.warnings });
  showImported(imported, changes, evidence.warnings, options.out, out);
}

const exists = (file: string): HardeningError =>
  new HardeningError('usage', [
    { code: 'IMPORT_EXISTS', file, message: 'the file exists', fix: 'give another name with --out' },
  ]);

function requireNetworks({ allowedApiCidr, operatorCidr }: ImportClusterOptions): void {
  if (allowedApiCidr.length > 0 && operatorCidr.length > 0) return;
  throw new HardeningError('usage', [
    {
      code: 'IMPORT_NETWORKS',
      message: 'this cluster does not tell who may reach its API server and SSH on its nodes',
      fix: 'give --allowed-api-cidr and --operator-cidr, for example 198.51.100.0/24',
    },
  ]);
}

/** What the cluster was made of; what the command line says wins. */
function recordedSpec({ spec }: ForeignCluster, options: ImportClusterOptions): ImportedSpec {
  const { name, profile, allowedApiCidr, operatorCidr } = options;
  const networking = {
    ...spec.networking,
    ...(allowedApiCidr.length > 0 && { allowedApiCidrs: [...allowedApiCidr] }),
    ...(operatorCidr.length > 0 && { operatorCidrs: [...operatorCidr] }),
  };
  const wanted: ClusterSpec = {
    ...spec,
    networking,
    ...(name !== undefined && { name }),
    ...(profile !== undefined && { profile: profileOf(profile) }),
  };
  return { spec: sparse(wanted), recorded: true, lost: [], unread: [], unpinned: [] };
}

async function closestSpec(found: JudgedForeign, options: ImportClusterOptions): Promise<ImportedSpec> {
  const { facts, cluster, resolution, texts } = found;
  const settings = allSettings(resolution);
  return importSpec(facts, cluster, {
    name: options.name,
    profile: profileOf(options.profile),
    allowedApiCidrs: options.allowedApiCidr,
    operatorCidrs: options.operatorCidr,
    freeValue: (component, argument, value) => freeValue(settings, component, argument, value),
    ownedKubeletFields: new Set(settings.of('kubelet-field').map(({ setting }) => setting.path.split('.')[0] ?? '')),
    textOf: (path) => texts.get(path) ?? { unseen: 'nobody looked' },
    machines: await machinesOf(cluster.spec.nodes, options.inventory),
  });
}

/** Host keys that `known_hosts` has, and how an inventory says that machines are reached. */
async function machinesOf(nodes: ClusterSpec['nodes'], inventory: string | undefined) {
  const hosts = inventory === undefined ? [] : await inventoryNodes(resolve(inventory));
  const machines = nodes.map(async ({ name, address }) => {
    const host = hosts.find((one) => one.name === name || one.address === address);
    const files = knownHostsFiles(host?.knownHosts);
    const hostKey = await knownKey({ address: host?.address ?? address, port: host?.ssh?.port ?? 22 }, files);
    const jump = host?.jump && { ...host.jump, hostKey: (await knownKey(host.jump, files)) ?? missingHostKey };
    const ssh = { ...host?.ssh, ...(jump && { jump }) };
    return [name, { ...(Object.keys(ssh).length > 0 && { ssh }), ...(hostKey && { hostKey }) }] as const;
  });
  return new Map(await Promise.all(machines));
}
