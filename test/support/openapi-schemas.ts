import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from './api-server';

// biome-ignore lint/suspicious/noExplicitAny: a JSON schema
type Schema = any;

/**
 * Writes the JSON schemas that a running kube-apiserver publishes, custom resources included, as kubeconform looks
 * them up: one file a kind, strict (a field that the server does not know is an error).
 *
 * @returns the `-schema-location` argument
 */
export async function writeSchemas(server: ApiServer, directory: string): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const { body: index } = await server.request('GET', '/openapi/v3');
  for (const { serverRelativeURL } of Object.values<{ serverRelativeURL: string }>(index.paths)) {
    const { body } = await server.request('GET', serverRelativeURL);
    const schemas: Record<string, Schema> = body.components?.schemas ?? {};
    const kinds = Object.entries(schemas).flatMap(([name, schema]) =>
      (schema['x-kubernetes-group-version-kind'] ?? []).map((gvk: Gvk) => ({ name, ...gvk })),
    );
    const definitions = strict(schemas);
    for (const { name, group, version, kind } of kinds) {
      const file = [kind, ...(group ? [group.split('.')[0]] : []), version].join('-').toLowerCase();
      const schema = { $ref: `#/components/schemas/${name}`, components: { schemas: definitions } };
      writeFileSync(join(directory, `${file}.json`), JSON.stringify(schema));
    }
  }
  return join(directory, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}

interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** OpenAPI as JSON Schema: closed objects, and integers where a string or a number may stand. */
function strict(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  if (schema['x-kubernetes-int-or-string'] || schema.format === 'int-or-string') {
    return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  }
  const result = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  const open = schema.additionalProperties !== undefined || schema['x-kubernetes-preserve-unknown-fields'];
  if (typeof schema.properties === 'object' && schema.type === 'object' && !open) result.additionalProperties = false;
  return result;
}
