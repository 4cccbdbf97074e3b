import { dirname, resolve } from 'node:path';
import { ensureArtifacts } from '../../apply/artifacts';
import { labDown, labStatus, labUp } from '../../lab';
import { readLabHost } from '../../lab/lab-host';
import { labSpec } from '../../lab/lab-spec';
import { HardeningError } from '../../lib/errors';
import { releases } from '../../lib/release';
import { inputsOf, machinesOf } from './lab-inputs';
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

/**
 * A new resource takes over the machines that it left itself, and no others: two stacks of one program would put two
 * clusters on them.
 *
 * @throws HardeningError of kind `usage` where the lab was made with another directory
 */
export async function claim(properties: Properties): Promise<void> {
  const { name, stateDirectory } = inputsOf(properties);
  const { ssh } = (await labStatus(name)) ?? {};
  if (ssh === undefined) return;
  const theirs = dirname(dirname(ssh.identityFile));
  if (theirs === resolve(stateDirectory)) return;
  throw new HardeningError('usage', [
    {
      code: 'LAB_OF_OTHERS',
      path: name,
      message: 'there is a lab of this name on this computer that this stack did not make',
      got: theirs,
      allowed: resolve(stateDirectory),
      fix: `call it otherwise, by the stack’s name for example, or take it over with stateDirectory: '${theirs}'`,
    },
  ]);
}

/** By machine that is wanted, Podman's word for how it is. */
export async function statesOf(properties: Properties): Promise<Readonly<Record<string, string>>> {
  const { name, workers } = inputsOf(properties);
  const nodes = (await labStatus(name))?.nodes ?? [];
  const stateOf = (machine: string) => nodes.find((node) => node.name === machine)?.state ?? 'missing';
  return Object.fromEntries(machinesOf(workers).map((machine) => [machine.name, stateOf(machine.name)]));
}

/** Removes the machines and restores this computer. */
export async function remove(name: string, say: Say): Promise<void> {
  await labDown(name, ({ detail }) => say(detail, 'ephemeral'));
}
