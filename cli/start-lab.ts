import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabMachines, type LabNode, labUp } from '../lab';
import { readLabHost } from '../lab/lab-host';
import { labClusterYaml } from '../lab/lab-spec';
import { HardeningError } from '../lib/errors';
import { releases } from '../lib/release';
import { bringUp } from './bring-up';
import type { Console } from './console';
import { loadCluster } from './load-cluster';
import { obtainArtifacts } from './obtain-artifacts';
import { Progress } from './progress';

export interface StartLabOptions {
  readonly name: string;
  readonly workers: number;
  /** Start no cluster on the machines. */
  readonly machinesOnly: boolean;
  readonly yes: boolean;
  /** Where the lab keeps its spec, keys and state. */
  readonly directory: string;
}

/** One control plane and the workers. */
function labNodes(workers: number): readonly LabNode[] {
  if (!Number.isInteger(workers) || workers < 0 || workers > 20) {
    throw new HardeningError('usage', [
      { code: 'LAB_WORKERS', message: 'a lab has 0 to 20 workers', got: String(workers), allowed: '0 to 20' },
    ]);
  }
  const names = Array.from({ length: workers }, (_, index) => `worker-${index + 1}`);
  return [{ name: 'cp-1', role: 'control-plane' }, ...names.map((name): LabNode => ({ name, role: 'worker' }))];
}

/** Node software first, because the machines see its directory; then the machines; then the ordinary way up. */
export async function startLab(options: StartLabOptions, out: Console): Promise<void> {
  const { name, directory, yes } = options;
  const nodes = labNodes(options.workers);
  const request = { release: releases['1.36'], arch: 'amd64', source: { kind: 'source' }, groups: ['cilium'] } as const;
  const artifacts = await obtainArtifacts(request, yes, out);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const machines = await new Progress().step('Machines', (report) =>
    labUp({
      name,
      nodes,
      stateDirectory: directory,
      artifactsDirectory: artifacts.directory,
      onProgress: ({ detail }) => report(detail),
    }),
  );
  const file = writeSpec(machines, directory);
  out.note(`Spec of the lab: ${file}`);
  if (options.machinesOnly) {
    out.object({ file, machines });
    return;
  }
  // Throw-away machines hold nothing to lose, so nobody is asked and no preview is shown.
  await bringUp(loadCluster(file, out), { yes: true, preview: false, diff: false }, out, artifacts);
}

function writeSpec(machines: LabMachines, directory: string): string {
  const file = join(directory, 'cluster.yaml');
  writeFileSync(file, labClusterYaml(machines, readLabHost()), { mode: 0o600 });
  return file;
}
