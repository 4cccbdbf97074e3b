/**
 * Where something is done, or where evidence names it: the first control plane, the first worker, every worker, or the
 * cluster as a whole, through its API.
 */
export type Place = 'control-plane' | 'worker' | 'workers' | 'cluster';

/** A control that fails, and where evidence says so. */
export interface Broken {
  /** Id of the control. */
  readonly control: string;
  /** @default where the mutation is made */
  readonly seenOn?: readonly Place[];
}

/**
 * Something that somebody changes by hand on a living cluster. How it is repaired is nowhere said: `bulwark up` must
 * find out.
 */
export interface Mutation extends Broken {
  /** In a few words. */
  readonly what: string;
  /** Whose root changes it; `cluster` for whoever administers the API. */
  readonly on: Exclude<Place, 'workers'>;
  /** The file, component or object that is changed: no two mutations of a batch touch the same in one place. */
  readonly touches: string;
  /** Shell script, run as root; ends when the change is in effect. */
  readonly script?: string;
  /** Arguments and standard input of kubectl, after the script; tried again until the API server takes it. */
  readonly kubectl?: readonly { readonly args: readonly string[]; readonly stdin?: string }[];
  /** Further controls that fail, each with the reason why one change breaks both. */
  readonly also?: readonly (Broken & { readonly why: string })[];
}
