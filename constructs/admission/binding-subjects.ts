import type { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';

export interface BindingSubjectsProps {
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/**
 * Refuses bindings that give a role to nobody in particular: strangers, everybody who logged in, all pods, or the service
 * account that every pod has by default. Bindings keep subjects that they had before.
 *
 * Two are let pass: what the API server itself restores when it starts, and the binding of the discovery document, which
 * `kubeadm upgrade` makes and the next run of ours takes away.
 */
export class BindingSubjects extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: BindingSubjectsProps) {
    super(scope, id, {
      name: 'bulwark-binding-subjects',
      resources: [
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          apiVersions: ['v1'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['clusterrolebindings', 'rolebindings'],
        },
      ],
      matchConditions: [
        { name: 'not-the-api-server-itself', expression: "request.userInfo.username != 'system:apiserver'" },
        {
          name: 'not-the-discovery-document',
          expression:
            "!(request.namespace == 'kube-public' && object.roleRef.kind == 'Role' && object.roleRef.name == 'kubeadm:bootstrap-signer-clusterinfo')",
        },
      ],
      variables: [
        { name: 'before', expression: 'oldObject == null ? [] : oldObject.?subjects.orValue([])' },
        {
          name: 'broad',
          expression: `object.?subjects.orValue([]).filter(s, !(s in variables.before) && (${broad})).map(s, s.kind + ' ' + s.name)`,
        },
      ],
      validations: [
        {
          expression: 'size(variables.broad) == 0',
          messageExpression: `'${props.control}: ' + request.kind.kind + ' "' + object.metadata.name + '" gives ' + object.roleRef.name + ' to ' + variables.broad.join(', ') + ', which is nobody in particular. Bind a group of people, or a service account made for the workload.'`,
        },
      ],
    });
  }
}

const broad = [
  "s.kind == 'User' && (s.name == 'system:anonymous' || s.name.matches('^system:serviceaccount:[^:]+:default$'))",
  "s.kind == 'Group' && (s.name in ['system:authenticated', 'system:unauthenticated'] || s.name.matches('^system:serviceaccounts(:.*)?$'))",
  "s.kind == 'ServiceAccount' && s.name == 'default'",
]
  .map((each) => `(${each})`)
  .join(' || ');
