import { join } from 'node:path';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { type Properties, type ResourceName, unknown } from './resource';

/** What a program gives. */
export interface ClusterInputs {
  readonly spec: ClusterSpecInput;
  /** Where the bundle and what comes back from the nodes is kept on this computer; nothing in it is needed later. */
  readonly stateDirectory: string;
  /** Node software that is there already. @default built or taken from the cache as the spec says */
  readonly artifactsDirectory?: string;
  /** Workers that left the spec and whose machine is gone for good: only their Node object is deleted. @default none */
  readonly forgetNodes?: readonly string[];
  /** Lets an update take controls away without a waiver. @default false */
  readonly allowWeaker?: boolean;
  /** Lets a deletion take the cluster off its nodes. @default false */
  readonly destroyCluster?: boolean;
}

/** Drift by control: what is wrong, and where. */
export type Drift = Readonly<Record<string, string>>;

export const inputsOf = (properties: Properties) => properties as unknown as ClusterInputs;

/**
 * What a program leaves open is decided once and stays: who renames a resource does not mean another cluster. Stacks of
 * one program keep their files apart.
 */
export function withNames(olds: Properties, news: Properties, { stack, name }: ResourceName): Properties {
  const { spec, stateDirectory = olds.stateDirectory ?? join('.bulwark', stack, name) } = news;
  const known = olds.spec === undefined ? name : inputsOf(olds).spec.name;
  return { ...news, stateDirectory, spec: spec === unknown ? spec : { name: known, ...(spec as Properties) } };
}
