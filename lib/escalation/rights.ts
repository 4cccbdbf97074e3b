import { type Fields, fieldsOf, itemsOf, textOf, textsOf } from '../fields';
import type { ObjectReference } from '../lint/finding';
import { referenceOf } from '../lint/manifest';
import { defaultNamespace } from '../network-policy/workload';
import { builtInRoles, roleAggregator } from './built-in-roles';
import type { Rule } from './rule';

/** Who acts: `User jane`, `Group oidc:shop`, `ServiceAccount shop/web`. */
export type Identity = string;

/** What a binding gives one subject. */
export interface Grant {
  readonly rules: readonly Rule[];
  /** undefined: in the whole cluster. */
  readonly namespace?: string;
  readonly binding: ObjectReference;
  /** The binding as it was given. */
  readonly source: Fields;
  /** Place of the subject in the binding. */
  readonly path: string;
}

const groupName = 'rbac.authorization.k8s.io';

export const accountIdentity = (namespace: string, name: string): Identity => `ServiceAccount ${namespace}/${name}`;

export const aggregatorIdentity = accountIdentity(roleAggregator.namespace, roleAggregator.name);

const aggregatorGrant: Grant = {
  rules: roleAggregator.rules,
  binding: { apiVersion: `${groupName}/v1`, kind: 'ClusterRoleBinding', name: roleAggregator.binding },
  source: {},
  path: 'subjects[0]',
};

/** The grants of every subject that the manifests bind, and of what every cluster has. Roles that neither they nor Kubernetes define give nothing. */
export function grantsOf(objects: readonly Fields[]): ReadonlyMap<Identity, readonly Grant[]> {
  const roles = rolesOf(objects);
  const grants = new Map<Identity, Grant[]>([[aggregatorIdentity, [aggregatorGrant]]]);
  for (const object of objects.filter((each) => isOfRbac(each) && textOf(each.kind).endsWith('RoleBinding'))) {
    const binding = referenceOf(object);
    const isWide = object.kind === 'ClusterRoleBinding';
    const namespace = binding.namespace ?? defaultNamespace;
    const roleRef = fieldsOf(object.roleRef);
    const name = textOf(roleRef.name);
    const rules = (roleRef.kind === 'Role' ? roles.get(`${namespace}/${name}`) : roles.get(name)) ?? [];
    for (const [index, subject] of itemsOf(object.subjects).map(fieldsOf).entries()) {
      const identity = identityOf(subject, namespace);
      const grant: Grant = {
        rules,
        ...(!isWide && { namespace }),
        binding,
        source: object,
        path: `subjects[${index}]`,
      };
      grants.set(identity, [...(grants.get(identity) ?? []), grant]);
    }
  }
  return grants;
}

function identityOf(subject: Fields, namespace: string): Identity {
  const name = textOf(subject.name);
  if (subject.kind === 'ServiceAccount') return accountIdentity(textOf(subject.namespace) || namespace, name);
  return `${textOf(subject.kind)} ${name}`;
}

function isOfRbac(object: Fields): boolean {
  return textOf(object.apiVersion).startsWith(`${groupName}/`);
}

/** Rules by `name` of a ClusterRole and `namespace/name` of a Role. */
function rolesOf(objects: readonly Fields[]): ReadonlyMap<string, readonly Rule[]> {
  const roles = new Map<string, readonly Rule[]>(builtInRoles);
  const defined = objects.filter((each) => isOfRbac(each) && /^(Cluster)?Role$/.test(textOf(each.kind)));
  for (const object of defined) {
    const { name, namespace = defaultNamespace } = referenceOf(object);
    roles.set(object.kind === 'Role' ? `${namespace}/${name}` : name, itemsOf(object.rules).map(ruleOf));
  }
  // An aggregated role holds the rules of every ClusterRole that one of its selectors matches.
  for (const object of defined.filter(({ kind }) => kind === 'ClusterRole')) {
    const selectors = itemsOf(fieldsOf(object.aggregationRule).clusterRoleSelectors).map((each) =>
      Object.entries(fieldsOf(fieldsOf(each).matchLabels)),
    );
    const members = defined.filter(({ kind, metadata }) => {
      const labels = fieldsOf(fieldsOf(metadata).labels);
      return (
        kind === 'ClusterRole' && selectors.some((labelled) => labelled.every(([key, value]) => labels[key] === value))
      );
    });
    const { name } = referenceOf(object);
    const rules = members.flatMap(({ rules }) => itemsOf(rules).map(ruleOf));
    if (rules.length > 0) roles.set(name, [...(roles.get(name) ?? []), ...rules]);
  }
  return roles;
}

function ruleOf(value: unknown): Rule {
  const rule = fieldsOf(value);
  return {
    verbs: textsOf(rule.verbs),
    groups: textsOf(rule.apiGroups),
    resources: textsOf(rule.resources),
    names: textsOf(rule.resourceNames),
  };
}
