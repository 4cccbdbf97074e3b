import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ApiRight } from '../../lib/verification/api-rights';
import { verifier as name } from '../../lib/verification/schedule';

/** Rights of the user that the scheduled verification asks the API as: those that its probes need. */
export class VerifierRoles extends Construct {
  constructor(scope: Construct, id: string, rights: readonly ApiRight[]) {
    super(scope, id);
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }];
    const ref = { apiGroup: 'rbac.authorization.k8s.io', name };
    const below = (namespace: string | undefined) => rights.filter((right) => right.namespace === namespace).map(rule);

    new k8s.KubeClusterRole(this, 'role', { metadata: { name }, rules: below(undefined) });
    const roleRef = { ...ref, kind: 'ClusterRole' };
    new k8s.KubeClusterRoleBinding(this, 'binding', { metadata: { name }, roleRef, subjects });
    for (const namespace of new Set(rights.flatMap((right) => right.namespace ?? []))) {
      const metadata = { name, namespace };
      new k8s.KubeRole(this, `role-${namespace}`, { metadata, rules: below(namespace) });
      new k8s.KubeRoleBinding(this, `binding-${namespace}`, { metadata, roleRef: { ...ref, kind: 'Role' }, subjects });
    }
  }
}

const rule = ({ apiGroup, resource, verb, name: object }: ApiRight): k8s.PolicyRule => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs: [verb],
  ...(object !== undefined && { resourceNames: [object] }),
});
