import { ensureArtifacts } from '../../apply/artifacts';
import { type LabNode, labDown, labStatus, labUp } from '../../lab';
import { readLabHost } from '../../lab/lab-host';
import { labSpec } from '../../lab/lab-spec';
import { releases } from '../../lib/release';
import { inputsOf } from './lab-inputs';
import type { Properties, Say } from './resource';

const request = { release: releases['1.36'], arch: 'amd64', source: { kind: 'source' }, groups: ['cilium'] } as const;

/** Starts the machines that are missing. */
export async function start(properties: Properties, say: Say): Promise<Properties> {
  const { name, workers, stateDirectory } = inputsOf(properties);
  const wanted = machinesOf(workers);
  // A machine that is wanted no more stays until the lab is removed: its node may still have to leave the cluster.
  const there = ((await labStatus(name))?.nodes ?? []).filter(({ role }) => role === 'worker').length;
  // The machines see the directory of the node software, so it must be there before them.
  const { directory } = await ensureArtifacts(request, ({ step, detail }) => say(`${step}: ${detail}`, 'ephemeral'));
  const machines = await labUp({
    name,
    nodes: machinesOf(Math.max(workers, there)),
    stateDirectory,
    artifactsDirectory: directory,
    onProgress: ({ detail }) => say(detail, 'ephemeral'),
  });
  const nodes = machines.nodes.filter((machine) => wanted.some((node) => node.name === machine.name));
  return { ...properties, artifactsDirectory: directory, spec: labSpec({ ...machines, nodes }, readLabHost()) };
}

/** How many of the workers run. */
export async function runningWorkers(name: string): Promise<number> {
  const nodes = (await labStatus(name))?.nodes ?? [];
  return nodes.filter(({ role, state }) => role === 'worker' && state === 'running').length;
}

/** Removes the machines and restores this computer. */
export async function remove(name: string, say: Say): Promise<void> {
  await labDown(name, ({ detail }) => say(detail, 'ephemeral'));
}

const machinesOf = (workers: number): readonly LabNode[] => [
  { name: 'cp-1', role: 'control-plane' },
  ...Array.from({ length: workers }, (_, index): LabNode => ({ name: `worker-${index + 1}`, role: 'worker' })),
];
