/** One event of a long piece of work. */
export interface Progress {
  /** Id of the step: an artifact's name, `lock` or `verify`. */
  readonly step: string;
  /** What is being done at the moment. */
  readonly detail: string;
  /** Part of the whole work that is finished, 0 to 1. */
  readonly fraction?: number;
  /** How long the step takes from its start, measured on two cores with an empty cache. */
  readonly expectedSeconds?: number;
}

/** Receives progress events; called often. */
export type OnProgress = (event: Progress) => void;
