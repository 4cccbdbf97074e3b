import type { Architecture } from './architecture';
import type { Cache } from './cache';

/** What every build step needs. */
export interface BuildContext {
  readonly cache: Cache;
  readonly arch: Architecture;
  /** An empty directory of this step alone, on the same file system as the result. */
  readonly scratch: string;
  /** Called with what is being done, often. */
  readonly onDetail: (detail: string) => void;
}
