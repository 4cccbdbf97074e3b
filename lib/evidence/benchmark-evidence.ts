import { type Benchmark, benchmarks, coverage, type Standing } from '../benchmarks';
import type { Control } from '../controls/control';
import { type Evidence, type Verdict, worst } from './evidence';

/** A control that serves a demand. */
export interface ServingControl {
  readonly id: string;
  /** Left out where the evidence does not have it: the profile of the cluster leaves it off. */
  readonly verdict?: Verdict;
}

/** How one demand of a benchmark stands on a cluster. */
export interface DemandEvidence {
  /** As the benchmark numbers or names it. */
  readonly id: string;
  /** What it asks for, in our own words. */
  readonly title: string;
  /** Title of the document that makes it, where a list gathers several. */
  readonly document?: string;
  readonly section?: string;
  readonly state: Standing['state'];
  /** The most pressing verdict of the controls; left out where no control of the evidence serves the demand. */
  readonly verdict?: Verdict;
  readonly controls: readonly ServingControl[];
  /** Why no control serves it, and what is done instead. */
  readonly text?: string;
}

/** A benchmark held against the evidence of a cluster. No demand is left out. */
export interface BenchmarkEvidence {
  /** Name of the list, as `benchmarkNames` has it. */
  readonly name: string;
  readonly title: string;
  readonly demands: readonly DemandEvidence[];
}

/** Benchmarks by the name that a user gives. */
const byName: Readonly<Record<string, Benchmark>> = Object.fromEntries(
  benchmarks.map((benchmark) => [benchmark.list === 'seed' ? 'seeds' : benchmark.list, benchmark]),
);

export const benchmarkNames: readonly string[] = Object.keys(byName);

/**
 * Says for each demand of a benchmark which controls serve it and how these stand.
 *
 * @param name one of `benchmarkNames`
 */
export function benchmarkEvidence(
  name: string,
  controls: readonly Pick<Control, 'id' | 'sources'>[],
  evidence: Evidence,
): BenchmarkEvidence {
  const benchmark = byName[name];
  if (!benchmark) throw new Error(`there is no benchmark ${name}`);
  const verdicts = new Map(evidence.controls.map(({ id, verdict }) => [id, verdict]));
  return {
    name,
    title: benchmark.title,
    demands: coverage(benchmark, controls).map(({ demand, standing }): DemandEvidence => {
      const { id, title, document, section } = demand;
      const place = { id, title, ...(document && { document }), ...(section && { section }), state: standing.state };
      if (standing.state !== 'covered') return { ...place, controls: [], text: standing.text };
      const serving = standing.controls.map((control): ServingControl => {
        const verdict = verdicts.get(control);
        return { id: control, ...(verdict && { verdict }) };
      });
      const seen = serving.flatMap(({ verdict }) => verdict ?? []);
      return { ...place, ...(seen.length > 0 && { verdict: worst(seen) }), controls: serving };
    }),
  };
}

/** How a demand stands in one word or two: its verdict, or that nothing of the cluster answers it. */
export function standingOf({ state, verdict }: DemandEvidence): Verdict | 'deviating' | 'open' | 'off' {
  return state === 'covered' ? (verdict ?? 'off') : state;
}
