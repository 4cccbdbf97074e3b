import type { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';

export interface ClusterAdminAlarmProps {
  /** Id of the control, named in the audit log. */
  readonly control: string;
}

/** Bindings that every cluster of kubeadm has. */
const known = ['cluster-admin', 'kubeadm:cluster-admins'];

/**
 * Refuses nothing: whoever makes somebody cluster-admin is warned, the audit log says so, and the API server counts it as
 * `apiserver_validating_admission_policy_check_total{policy="bulwark-cluster-admin-alarm"}`, on which an alert stands.
 */
export class ClusterAdminAlarm extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, { control }: ClusterAdminAlarmProps) {
    super(scope, id, {
      name: 'bulwark-cluster-admin-alarm',
      resources: [
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          apiVersions: ['v1'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['clusterrolebindings', 'rolebindings'],
        },
      ],
      matchConditions: [
        {
          name: 'cluster-admin',
          expression: `object.roleRef.name == 'cluster-admin' && !(object.metadata.?name.orValue('') in ${JSON.stringify(known)})`,
        },
      ],
      validations: [
        {
          expression: 'false',
          messageExpression: `'${control}: ' + request.userInfo.username + ' makes ' + object.?subjects.orValue([]).map(s, s.name).join(', ') + ' cluster-admin'`,
        },
      ],
      actions: ['Audit', 'Warn'],
    });
  }
}
