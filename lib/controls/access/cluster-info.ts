import { accessDenied, objectsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';

const name = 'kubeadm:bootstrap-signer-clusterinfo';

export default control({
  id: 'access/cluster-info',
  title: 'Nobody but members reads the cluster’s discovery document',
  why: 'It tells strangers the address and the authority of the cluster, and a token’s signature.',
  cost: 'Nodes join with a discovery file.',
  severity: 'medium',
  threats: ['external'],
  stops: ['A15'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('security-checklist: authn-authz'), owasp('K09')],
  stock: 'differs',
  settings: () =>
    ['RoleBinding', 'Role'].map((objectKind) => ({
      kind: 'absent-object',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      objectKind,
      namespace: 'kube-public',
      name,
    })),
  checks: () => [
    objectsAbsent({ resource: 'rolebindings.rbac.authorization.k8s.io', namespace: 'kube-public', name }),
    accessDenied({
      user: 'system:anonymous',
      groups: ['system:unauthenticated'],
      verb: 'get',
      resource: 'configmaps',
      namespace: 'kube-public',
      name: 'cluster-info',
    }),
  ],
});
