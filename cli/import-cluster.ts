import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { knownHostsFiles, knownKey } from '../apply/host-keys';
import { inventoryNodes } from '../apply/inventory-nodes';
import { HardeningError } from '../lib/errors';
import type { EvidenceRow } from '../lib/evidence';
import { type ImportedSpec, importSpec, missingHostKey } from '../lib/foreign/import-spec';
import { pathArguments } from '../lib/foreign/static-pods';
import type { Resolution } from '../lib/resolve';
import type { ClusterSpec } from '../lib/spec/cluster-spec';
import type { Console } from './console';
import { linesOf } from './evidence-report';
import { type ForeignOptions, judgeForeign, profileOf } from './verify-foreign';

export interface ImportClusterOptions extends ForeignOptions {
  readonly out: string;
  readonly allowedApiCidr: readonly string[];
  readonly operatorCidr: readonly string[];
}

/**
 * Writes the spec that comes closest to a running kubeadm cluster, and says what differs. Changes nothing there.
 *
 * @throws HardeningError of kind `usage` where the file exists; else as `judgeForeign`
 */
export async function importCluster(options: ImportClusterOptions, out: Console): Promise<void> {
  const { evidence, facts, cluster, resolution } = await judgeForeign({ ...options, canary: false });
  const imported = importSpec(facts, cluster, {
    name: options.name,
    profile: profileOf(options.profile),
    allowedApiCidrs: options.allowedApiCidr,
    operatorCidrs: options.operatorCidr,
    owned: ownedArguments(resolution),
    machines: await machinesOf(cluster.spec.nodes, options.inventory),
  });
  const changes = evidence.rows.filter(({ verdict }) => verdict === 'fail');
  try {
    writeFileSync(options.out, textOf(imported), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new HardeningError('usage', [
      { code: 'IMPORT_EXISTS', file: options.out, message: 'the file exists', fix: 'give another name with --out' },
    ]);
  }
  out.object({ file: options.out, ...imported, changes, warnings: evidence.warnings });
  show(imported, changes, evidence.warnings, options.out, out);
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

const ownedArguments = ({ settings }: Resolution): ReadonlySet<string> =>
  new Set([
    ...settings.of('component-arg').map(({ setting }) => setting.name),
    ...settings.of('component-arg-list').map(({ setting }) => setting.name),
    ...Object.values(pathArguments),
  ]);

const comment = (lines: readonly string[]): string => lines.map((line) => `${`# ${line}`.trimEnd()}\n`).join('');

function textOf({ spec, lost }: ImportedSpec): string {
  return (
    comment([
      'Written by `bulwark import` from a running cluster: the spec that comes closest.',
      'Bulwark makes clusters on machines that have none; it does not take this one over in place.',
      ...(lost.length > 0 ? ['', 'Not taken over:', ...lost.map((line) => `* ${line}`)] : []),
    ]) + stringify(spec, { lineWidth: 120 })
  );
}

function show(
  { lost, unpinned }: ImportedSpec,
  changes: readonly EvidenceRow[],
  warnings: readonly string[],
  file: string,
  out: Console,
): void {
  for (const warning of warnings) out.note(`${out.colour('yellow', 'warning')} ${warning}`);
  out.result(
    `What a cluster of this spec does otherwise: ${new Set(changes.map(({ control }) => control)).size} controls`,
  );
  for (const control of new Set(changes.map((row) => row.control))) {
    out.result(`  ${out.colour('bold', control)}`);
    for (const line of linesOf(changes.filter((row) => row.control === control))) out.result(`    ${line}`);
  }
  if (lost.length > 0) out.result('Not taken over:');
  for (const line of lost) out.result(`  ${line}`);
  out.result(`Wrote ${file}. Bulwark makes clusters on machines that have none: use it on new or reset machines.`);
  if (unpinned.length > 0) {
    out.result(`Host keys of ${unpinned.join(', ')} are not known here: bulwark inventory scan -f ${file}`);
  }
}
