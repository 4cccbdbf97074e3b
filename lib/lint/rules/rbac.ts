import { type Fields, fieldsOf, itemsOf, textOf, textsOf } from '../../fields';
import type { Fault, Rule } from '../rule';

/** Verbs by which a subject gets rights that it was not given. */
const escalatingVerbs = ['bind', 'escalate', 'impersonate'];

/** Resources by which a subject gets rights of others: the kubelet's API, and tokens of service accounts. */
const escalatingResources = ['nodes/proxy', 'serviceaccounts/token'];

const everybody = ['system:anonymous', 'system:unauthenticated', 'system:authenticated'];

/** Roles and bindings that give more than they say. */
export const rbacRules: readonly Rule[] = [
  {
    control: 'rbac/wildcards',
    severity: 'error',
    why: 'A wildcard gives also what is added later: new resources, new verbs, secrets of new operators.',
    fix: 'name the verbs, resources and API groups that are needed',
    judge: inRoles((rule) =>
      ['verbs', 'resources', 'apiGroups', 'nonResourceURLs']
        .filter((field) => textsOf(rule[field]).includes('*'))
        .map((field) => ({ path: field, message: `"*" gives every one of ${field}, those of the future too` })),
    ),
  },
  {
    control: 'rbac/escalation',
    severity: 'error',
    why: 'These rights give their holder the rights of others: any role, any user, any pod of a node.',
    fix: `leave out the verbs ${escalatingVerbs.join(', ')} and the resources ${escalatingResources.join(', ')}`,
    judge: inRoles((rule) => [
      ...textsOf(rule.verbs)
        .filter((verb) => escalatingVerbs.includes(verb))
        .map((verb) => ({ path: 'verbs', message: `${verb} lets its holder take rights that it does not have` })),
      ...textsOf(rule.resources)
        .filter((resource) => escalatingResources.includes(resource))
        .map((resource) => ({ path: 'resources', message: `${resource} lets its holder act as others` })),
    ]),
  },
  {
    control: 'rbac/cluster-admin',
    severity: 'error',
    why: 'One stolen credential of such a subject is the whole cluster.',
    fix: 'bind a role that has what is needed',
    judge: (object) => {
      const name = fieldsOf(object.roleRef).name;
      return isOfRbac(object) && textOf(object.kind).endsWith('RoleBinding') && name === 'cluster-admin'
        ? [{ path: 'roleRef.name', message: 'the subjects become administrators of the cluster' }]
        : [];
    },
  },
  {
    control: 'rbac/everybody',
    severity: 'error',
    why: 'Such a group has every caller in it, those without credentials or without any role too.',
    fix: 'bind the groups or service accounts that need the role',
    judge: (object) =>
      isOfRbac(object)
        ? itemsOf(object.subjects).flatMap((subject, index): Fault[] => {
            const name = textOf(fieldsOf(subject).name);
            if (!everybody.includes(name)) return [];
            return [{ path: `subjects[${index}].name`, message: `${name} stands for everybody` }];
          })
        : [],
  },
];

function isOfRbac(object: Fields): boolean {
  return textOf(object.apiVersion).startsWith('rbac.authorization.k8s.io/');
}

/** Judges each rule of a Role or ClusterRole; paths are given relative to the rule. */
function inRoles(judge: (rule: Fields) => readonly Fault[]): Rule['judge'] {
  return (object) =>
    isOfRbac(object)
      ? itemsOf(object.rules).flatMap((rule, index) =>
          judge(fieldsOf(rule)).map(({ path, message }) => ({ path: `rules[${index}].${path}`, message })),
        )
      : [];
}
