import { z } from 'zod';
import { clusterSpecSchema } from './cluster-spec';

/** The JSON Schema of `cluster.yaml`, for editors. It knows the fields; `parseSpec` also knows the rules across them. */
export function clusterJsonSchema(): object {
  const schema = z.toJSONSchema(clusterSpecSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return { ...schema, title: 'Bulwark cluster', description: 'Description of a hardened Kubernetes cluster' };
}
