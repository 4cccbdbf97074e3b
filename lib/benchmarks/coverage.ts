import type { Control } from '../controls/control';
import type { Benchmark, Demand } from './benchmark';

/** How a demand stands: some control serves it, or a text says why none does. */
export type Standing =
  | { readonly state: 'covered'; readonly controls: readonly [string, ...string[]] }
  | { readonly state: 'deviating'; readonly text: string }
  | { readonly state: 'open'; readonly text: string };

export interface Coverage {
  readonly demand: Demand;
  readonly standing: Standing;
}

type Sourced = Pick<Control, 'id' | 'sources'>;

/** Every demand of a benchmark with its standing, in the benchmark's order. Computed from the controls' sources. */
export function coverage(benchmark: Benchmark, controls: readonly Sourced[]): readonly Coverage[] {
  return benchmark.demands.map((demand) => ({ demand, standing: standing(benchmark, demand, controls) }));
}

function standing({ list }: Benchmark, demand: Demand, controls: readonly Sourced[]): Standing {
  const [first, ...others] = controls
    .filter(({ sources }) => sources.some((source) => source.list === list && source.id === demand.id))
    .map(({ id }) => id);
  if (first !== undefined) return { state: 'covered', controls: [first, ...others] };
  if ('deviation' in demand) return { state: 'deviating', text: demand.deviation };
  return { state: 'open', text: 'open' in demand ? demand.open : '' };
}

/**
 * What is wrong between the lists and the controls: a control names an id that its list does not have, a demand has
 * a text although a control serves it, or neither a text nor a control. One sentence each; none when all agree.
 */
export function disagreements(benchmarks: readonly Benchmark[], controls: readonly Sourced[]): readonly string[] {
  return benchmarks.flatMap((benchmark) => {
    const { list, demands } = benchmark;
    const known = new Set(demands.map(({ id }) => id));
    const unknown = controls.flatMap(({ id, sources }) =>
      sources
        .filter((source) => source.list === list && !known.has(source.id))
        .map((source) => `${id} names ${list} ${source.id}, which is not in the list`),
    );
    const contradicted = coverage(benchmark, controls).flatMap(({ demand, standing: { state, ...rest } }) => {
      if ('deviation' in demand && 'open' in demand)
        return [`${list} ${demand.id} is called deviating and open at once`];
      if (state === 'covered') {
        return 'deviation' in demand || 'open' in demand
          ? [`${list} ${demand.id} is served by a control, and its text says that none does`]
          : [];
      }
      return 'text' in rest && rest.text.trim() !== ''
        ? []
        : [`${list} ${demand.id} is served by no control, and no text says why`];
    });
    return [...unknown, ...contradicted];
  });
}
