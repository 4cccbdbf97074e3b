import { isDeepStrictEqual } from 'node:util';
import { inputsOf } from './lab-inputs';
import type { Properties, Resource, Say } from './resource';

/** Throw-away machines in Podman on this computer: `bulwark:index:Lab`. What makes them is loaded when it is needed. */
export const labResource: Resource = {
  check: (_olds, news) => ({ inputs: news, refusals: [] }),

  idOf: (inputs) => inputsOf(inputs).name,

  differs: (state, inputs) => Object.keys(inputs).some((key) => !isDeepStrictEqual(state[key], inputs[key])),

  create: start,

  async read(id, state) {
    const { name, workers, stateDirectory, destroyMachines } = inputsOf(state);
    const { runningWorkers } = await import('./lab-run');
    const inputs = { name, workers: Math.min(workers, await runningWorkers(id)), stateDirectory, destroyMachines };
    return { state: { ...state, ...inputs }, inputs };
  },

  update: (_id, _state, inputs, say) => start(inputs, say),

  async delete(id, state, say) {
    if (!inputsOf(state).destroyMachines) {
      say(`the machines of lab ${id} go on running; \`bulwark lab down --name ${id}\` removes them`);
      return;
    }
    const { remove } = await import('./lab-run');
    await remove(id, say);
  },
};

async function start(inputs: Properties, say: Say): Promise<Properties> {
  const run = await import('./lab-run');
  return run.start(inputs, say);
}
