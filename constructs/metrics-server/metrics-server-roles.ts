import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';

export interface MetricsServerRolesProps {
  /** Name of the service account. */
  readonly account: string;
  readonly namespace: string;
}

/**
 * The service account of metrics-server: it reads nodes, the pods' metadata and the kubelets' metrics, and asks the API
 * server who a caller is and what it may do. Who may view a namespace may see its metrics.
 */
export class MetricsServerRoles extends Construct {
  constructor(scope: Construct, id: string, { account, namespace }: MetricsServerRolesProps) {
    super(scope, id);
    const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
    const ref = (kind: 'Role' | 'ClusterRole', name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
    const name = `system:${account}`;

    new k8s.KubeServiceAccount(this, 'account', { metadata: { name: account, namespace } });
    new k8s.KubeClusterRole(this, 'role', {
      metadata: { name },
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list', 'watch'] },
      ],
    });
    new k8s.KubeClusterRoleBinding(this, 'binding', {
      metadata: { name },
      roleRef: ref('ClusterRole', name),
      subjects,
    });
    new k8s.KubeClusterRoleBinding(this, 'delegator', {
      metadata: { name: `${account}:system:auth-delegator` },
      roleRef: ref('ClusterRole', 'system:auth-delegator'),
      subjects,
    });
    new k8s.KubeRoleBinding(this, 'authentication', {
      metadata: { name: `${account}-auth-reader`, namespace },
      roleRef: ref('Role', 'extension-apiserver-authentication-reader'),
      subjects,
    });
    new k8s.KubeClusterRole(this, 'readers', {
      metadata: {
        name: 'system:aggregated-metrics-reader',
        labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
      },
      rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['nodes', 'pods'], verbs: ['get', 'list', 'watch'] }],
    });
  }
}
