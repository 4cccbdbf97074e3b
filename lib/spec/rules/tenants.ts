import type { Finding, Rule } from '../finding';

/** Tenants share no namespace, with each other or with the cluster, and get images from where the cluster does. */
export const tenants: Rule = ({ tenants: entries = [], namespaces = [], images }) => {
  const taken = new Map<string, string>(
    namespaces.flatMap((entry) => (entry?.name ? [[entry.name, 'namespaces'] as const] : [])),
  );
  const names = new Set<string>();
  const cluster = (images?.registries ?? []).filter((entry): entry is string => entry !== undefined);
  return entries.flatMap((tenant, index): Finding[] => {
    const found: Finding[] = [];
    const { name } = tenant ?? {};
    if (name !== undefined && names.has(name)) {
      found.push({
        code: 'SPEC_DUPLICATE_TENANT',
        path: ['tenants', index, 'name'],
        message: 'two tenants have this name',
        got: name,
        fix: 'give every tenant its own name',
      });
    }
    if (name !== undefined) names.add(name);
    for (const [position, namespace] of (tenant?.namespaces ?? []).entries()) {
      if (namespace === undefined) continue;
      const path = ['tenants', index, 'namespaces', position];
      if (namespace === 'default' || namespace.startsWith('kube-')) {
        found.push({
          level: 'weaker',
          code: 'SPEC_NAMESPACE_RESERVED',
          path,
          message: 'this namespace belongs to Kubernetes and to no tenant',
          got: namespace,
          fix: 'give the tenant a namespace of its own',
        });
      }
      const owner = taken.get(namespace);
      if (owner !== undefined) {
        found.push({
          code: 'SPEC_TENANT_NAMESPACE_TAKEN',
          path,
          message: `this namespace is already one of ${owner}`,
          got: namespace,
          fix: 'give every tenant namespaces of its own',
        });
      }
      taken.set(namespace, `tenant ${name ?? index}`);
    }
    for (const [position, registry] of (tenant?.registries ?? []).entries()) {
      if (registry === undefined || cluster.length === 0) continue;
      if (cluster.some((allowed) => registry === allowed || registry.startsWith(`${allowed}/`))) continue;
      found.push({
        code: 'SPEC_TENANT_REGISTRY',
        path: ['tenants', index, 'registries', position],
        message: 'the cluster takes no image from this registry',
        got: registry,
        allowed: cluster.join(', '),
        fix: 'add it to images.registries, or name one that is there',
      });
    }
    return found;
  });
};
