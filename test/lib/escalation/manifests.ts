import type { Fields } from '../../../lib/fields';

const rbac = 'rbac.authorization.k8s.io';

/** `get,list secrets` or `patch deployments.apps`; names follow a colon: `approve signers.certificates.k8s.io:a`. */
export type Right = string;

export const ruleOf = (right: Right) => {
  const [verbs = '', what = ''] = right.split(' ');
  const [resource = '', name] = what.split(':');
  const [, plural = '', group = '', sub = ''] = /^([a-z*]+)(?:\.([a-z0-9.*]+))?((?:\/[a-z]+)?)$/.exec(resource) ?? [];
  return {
    apiGroups: [group],
    resources: [`${plural}${sub}`],
    verbs: verbs.split(','),
    ...(name && { resourceNames: [name] }),
  };
};

export const role = (name: string, namespace: string | undefined, ...rights: readonly Right[]): Fields => ({
  apiVersion: `${rbac}/v1`,
  kind: namespace ? 'Role' : 'ClusterRole',
  metadata: { name, ...(namespace && { namespace }) },
  rules: rights.map(ruleOf),
});

/** `Group dev` or `ServiceAccount shop/web`. */
export const bind = (
  subject: string,
  name: string,
  namespace?: string,
  kind = namespace ? 'Role' : 'ClusterRole',
): Fields => {
  const [type = '', who = ''] = subject.split(' ');
  const [first = '', second] = who.split('/');
  return {
    apiVersion: `${rbac}/v1`,
    kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: { name: `${name}-binding`, ...(namespace && { namespace }) },
    roleRef: { apiGroup: rbac, kind, name },
    subjects: [second ? { kind: type, namespace: first, name: second } : { kind: type, name: who }],
  };
};

/** A subject with rights, in one namespace or in all. */
export const granted = (subject: string, namespace: string | undefined, ...rights: readonly Right[]): Fields[] => {
  const name = `role-of-${subject.replace(/\W/g, '-')}`;
  return [role(name, namespace, ...rights), bind(subject, name, namespace)];
};

export const namespace = (name: string, level = 'restricted'): Fields => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': level } },
});

export const deployment = (where: string, name: string, spec: Fields = {}): Fields => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: where },
  spec: {
    template: {
      metadata: { labels: { app: name } },
      spec: { serviceAccountName: name, containers: [{ name: 'main', image: 'registry.example/a:1' }], ...spec },
    },
  },
});

/** Closes every pod of a namespace to everybody. */
export const closed = (where: string): Fields => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'closed', namespace: where },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
});
