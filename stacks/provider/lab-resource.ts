import { isDeepStrictEqual } from 'node:util';
import { ensureArtifacts } from '../../apply/artifacts';
import { type LabNode, labDown, labStatus, labUp } from '../../lab';
import { readLabHost } from '../../lab/lab-host';
import { labSpec } from '../../lab/lab-spec';
import { releases } from '../../lib/release';
import type { Properties, Resource, Say } from './resource';

/** What a program gives. */
export interface LabInputs {
  readonly name: string;
  /** Machines beside the control plane. */
  readonly workers: number;
  /** Where keys and known hosts of the machines are kept. */
  readonly stateDirectory: string;
  /** Lets a deletion remove the machines. @default false */
  readonly destroyMachines?: boolean;
}

const inputsOf = (properties: Properties) => properties as unknown as LabInputs;
const request = { release: releases['1.36'], arch: 'amd64', source: { kind: 'source' }, groups: ['cilium'] } as const;

/** Throw-away machines in Podman on this computer: `bulwark:index:Lab`. */
export const labResource: Resource = {
  check: (_olds, news) => ({ inputs: news, refusals: [] }),

  idOf: (inputs) => inputsOf(inputs).name,

  differs: (state, inputs) => Object.keys(inputs).some((key) => !isDeepStrictEqual(state[key], inputs[key])),

  create: start,

  async read(id, state) {
    const { name, workers, stateDirectory, destroyMachines } = inputsOf(state);
    const running = (await labStatus(id))?.nodes.filter((node) => node.state === 'running') ?? [];
    const seen = running.filter(({ role }) => role === 'worker').length;
    const inputs = { name, workers: Math.min(workers, seen), stateDirectory, destroyMachines };
    return { state: { ...state, ...inputs }, inputs };
  },

  update: (_id, _state, inputs, say) => start(inputs, say),

  async delete(id, state, say) {
    if (inputsOf(state).destroyMachines) await labDown(id, ({ detail }) => say(detail, 'ephemeral'));
    else say(`the machines of lab ${id} go on running; \`bulwark lab down --name ${id}\` removes them`);
  },
};

async function start(properties: Properties, say: Say): Promise<Properties> {
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

const machinesOf = (workers: number): readonly LabNode[] => [
  { name: 'cp-1', role: 'control-plane' },
  ...Array.from({ length: workers }, (_, index): LabNode => ({ name: `worker-${index + 1}`, role: 'worker' })),
];
