import { isDeepStrictEqual } from 'node:util';
import { inputsOf, withNames } from './lab-inputs';
import type { Properties, Resource, Say } from './resource';

/** Throw-away machines in Podman on this computer: `bulwark:index:Lab`. What makes them is loaded when it is needed. */
export const labResource: Resource = {
  check: (olds, news, _say, of) => ({ inputs: withNames(olds, news, of), refusals: [] }),

  idOf: (inputs) => inputsOf(inputs).name,

  groundOf: (properties) => inputsOf(properties).name,

  differs: (state, inputs) => Object.keys(inputs).some((key) => !isDeepStrictEqual(state[key], inputs[key])),

  async admit(inputs) {
    const { claim } = await import('./lab-run');
    await claim(inputs);
  },

  create: start,

  async read(_id, state) {
    const { name, workers, stateDirectory, destroyMachines } = inputsOf(state);
    const { statesOf } = await import('./lab-run');
    const machines = await statesOf(state);
    return { state: { ...state, machines }, inputs: { name, workers, stateDirectory, destroyMachines, machines } };
  },

  update: (_id, _state, inputs, say) => start(inputs, say),

  async delete(id, state, say) {
    if (!inputsOf(state).destroyMachines) {
      say(`the machines of lab ${id} go on running; \`bulwark lab down --name ${id}\` removes them`);
      return;
    }
    const { remove } = await import('./lab-run');
    say(`the machines of lab ${id} are removed, and with them whatever runs on them`);
    await remove(id, say);
  },
};

async function start(inputs: Properties, say: Say): Promise<Properties> {
  const run = await import('./lab-run');
  return run.start(inputs, say);
}
