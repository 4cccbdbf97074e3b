import { z } from 'zod';
import type { ClusterSpec } from './cluster-spec';

type Partially<T> = T extends readonly (infer Member)[]
  ? readonly (Partially<Member> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Partially<T[Key]> }
    : T;

/** The valid parts of a spec. Rules read it, so that one wrong field hides no other error. */
export type PartialSpec = Partially<ClusterSpec>;
export type PartialNode = NonNullable<NonNullable<PartialSpec['nodes']>[number]>;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What of `value` fits `schema`; array members keep their index. */
function salvage(schema: z.ZodType, value: unknown): unknown {
  const whole = schema.safeParse(value);
  if (whole.success) return whole.data;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return salvage(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    // Not `map`, which would keep the holes of an array that a program made.
    return Array.from(value, (member) => salvage(schema.element as z.ZodType, member));
  }
  if (schema instanceof z.ZodObject && isRecord(value)) {
    const entries = Object.entries(schema.shape).map(([key, field]) => [key, salvage(field as z.ZodType, value[key])]);
    return Object.fromEntries(entries);
  }
  return undefined;
}

export function partialSpec(schema: z.ZodType<ClusterSpec>, value: unknown): PartialSpec {
  return (salvage(schema, value) ?? {}) as PartialSpec;
}
