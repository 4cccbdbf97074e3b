/** Inputs or outputs of a resource, as the engine stores them. */
export type Properties = Readonly<Record<string, unknown>>;

/** Why an input is refused; stops a preview as well as an update. */
export interface Refusal {
  /** Path of the input: `spec.nodes[0].address`. */
  readonly property: string;
  readonly reason: string;
}

/** Inputs as they will be, and what is wrong with them. */
export interface Checked {
  readonly inputs: Properties;
  readonly refusals: readonly Refusal[];
}

/** Which resource is meant. */
export interface ResourceName {
  readonly stack: string;
  /** Token of its type: `bulwark:index:Cluster`. */
  readonly type: string;
  /** As the program calls it. */
  readonly name: string;
}

/** Reads `urn:pulumi:stack::project::parent$type::name`. */
export function parseUrn(urn: string): ResourceName {
  const [stack = '', , types = '', ...name] = urn.split('::');
  return { stack: stack.split(':').at(-1) ?? '', type: types.split('$').at(-1) ?? '', name: name.join('::') };
}

/** Says what happens, where the engine shows it. `ephemeral` lines are progress and are not kept. */
export type Say = (text: string, kind?: 'info' | 'warning' | 'ephemeral') => void;

/**
 * One kind of resource, in the terms of Pulumi's engine. `check` and `diff` run in previews: they connect to nothing.
 * What throws in `create` and `update` fails the update; the resource is kept and the next update goes on.
 */
export interface Resource {
  check(olds: Properties, news: Properties, say: Say, of: ResourceName): Checked | Promise<Checked>;
  /** By input, the outputs that show what it holds: where the input is a secret, so are they. @default none */
  readonly shownBy?: Readonly<Record<string, readonly string[]>>;
  /** Name of the resource among its kind. */
  idOf(inputs: Properties): string;
  /** What only one resource of its kind can stand on: the machines. */
  groundOf(properties: Properties): string;
  /** Whether there is something to do. */
  differs(state: Properties, inputs: Properties): boolean;
  /** Throws where the resource must not be made: then nothing is kept, as nothing was touched. @default it may be */
  admit?(inputs: Properties): Promise<void>;
  create(inputs: Properties, say: Say): Promise<Properties>;
  /** What is there now. */
  read(id: string, state: Properties, say: Say): Promise<{ readonly state: Properties; readonly inputs: Properties }>;
  update(id: string, state: Properties, inputs: Properties, say: Say): Promise<Properties>;
  /** What a failed update leaves in the state. @default what was there before */
  unfinished?(state: Properties): Properties;
  delete(id: string, state: Properties, say: Say): Promise<void>;
}

/** Stands for a value that is known only after another resource was made; the engine's own constant. */
export const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Whether a value, or anything in it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasUnknown);
}
