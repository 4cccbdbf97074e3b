import { z } from 'zod';
import { type ClusterSpec, type ClusterSpecInput, clusterSpecSchema } from './cluster-spec';

/** Where a run keeps the spec that it applied: the bundle's `spec.json`, as the node-side module writes it. */
export const specRecord = { namespace: 'kube-system', name: 'bulwark-spec', key: 'spec.json' } as const;

/**
 * Reads a record by the schema alone: a waiver that has expired since does not hide what the cluster was made of, and
 * whoever applies it again is told.
 *
 * @returns the spec, or why the record is none of this version
 */
export function readSpecRecord(text: string): { readonly spec: ClusterSpec } | { readonly unreadable: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { unreadable: 'it is no JSON' };
  }
  const { data, error } = clusterSpecSchema.safeParse(value);
  return data ? { spec: data } : { unreadable: z.prettifyError(error).replaceAll(/\s*\n\s*/g, '; ') };
}

/** A spec without the lists and mappings in it that are empty, as a person would write it. */
export function sparse(spec: ClusterSpec): ClusterSpecInput {
  const short = withoutEmpty(spec) as ClusterSpecInput;
  const read = clusterSpecSchema.safeParse(short);
  // What is empty is a default everywhere; where some day it is none, every field is written.
  return read.success && JSON.stringify(read.data) === JSON.stringify(clusterSpecSchema.parse(spec)) ? short : spec;
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, withoutEmpty(field)] as const);
  return Object.fromEntries(fields.filter(([, field]) => !isEmpty(field)));
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
