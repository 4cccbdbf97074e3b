import { z } from 'zod';
import type { PropertyPath } from './document';

/** The schemas that a value at one place may follow; several below a union. */
function step(schema: z.ZodType, key: string | number | undefined): readonly z.ZodType[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return step(schema.unwrap() as z.ZodType, key);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => step(option as z.ZodType, key));
  if (key === undefined) return [schema];
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodObject) {
    const field = schema.shape[key] as z.ZodType | undefined;
    return field ? [field] : [];
  }
  return [];
}

function schemasAt(root: z.ZodType, path: PropertyPath): readonly z.ZodType[] {
  return path.reduce<readonly z.ZodType[]>((schemas, key) => schemas.flatMap((schema) => step(schema, key)), [root]);
}

/** The keys that the object at `path` may have. */
export function keysAt(root: z.ZodType, path: PropertyPath): readonly string[] {
  const objects = schemasAt(root, path).flatMap((schema) => step(schema, undefined));
  return [...new Set(objects.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])))];
}

/** What the schema says that the value at `path` is for. */
export function descriptionAt(root: z.ZodType, path: PropertyPath): string | undefined {
  return schemasAt(root, path).find((schema) => schema.description !== undefined)?.description;
}
