import type { Source } from '../controls/sources';

/** One demand of a benchmark, in our own words. */
interface Stated {
  /** As the benchmark numbers or names it; what a control's `sources` say. */
  readonly id: string;
  readonly title: string;
  /** Title of the document that makes it, where a list gathers several. */
  readonly document?: string;
  /** Part of the document where it stands. */
  readonly section?: string;
}

/** Only where no control serves it: why the demand is not met to the letter, or what is done instead. */
interface Deviating extends Stated {
  readonly deviation: string;
}

/** Only where no control serves it: what is missing. */
interface Open extends Stated {
  readonly open: string;
}

/** A demand; one with neither text is served by a control, which a test proves. */
export type Demand = Stated | Deviating | Open;

/** A list of demands that others made. */
export interface Benchmark {
  /** The name that a control's `sources` use for it. */
  readonly list: Source['list'];
  readonly title: string;
  readonly demands: readonly Demand[];
}
