import { objectsAbsent } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, owasp } from '../sources';

const name = 'kubeadm:node-autoapprove-bootstrap';

export default control({
  id: 'access/node-approval',
  title: 'No binding approves the certificate of whoever holds a join token',
  why: 'With it one token is enough to become any node and read the Secrets of its pods.',
  cost: 'A node’s first certificate is approved by the service that knows the inventory.',
  severity: 'high',
  threats: ['external'],
  stops: ['A25'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('5.1.11'), kubernetes('api-server-bypass-risks: kubelet'), owasp('K09')],
  stock: 'differs',
  settings: () => [
    { kind: 'absent-object', apiVersion: 'rbac.authorization.k8s.io/v1', objectKind: 'ClusterRoleBinding', name },
  ],
  checks: () => [objectsAbsent({ resource: 'clusterrolebindings.rbac.authorization.k8s.io', name })],
});
