import { fileAbsent } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, nsa, owasp, seed } from '../sources';

const files = ['/etc/kubernetes/admin.conf', '/etc/kubernetes/super-admin.conf', '/root/.kube/config'];

export default control({
  id: 'access/admin-credentials',
  title: 'No administrator’s credential lies on a node',
  why: 'super-admin.conf cannot be revoked, and a stolen admin.conf is the whole cluster.',
  cost: 'Administration runs from the operator’s machine. Root on a control plane can always make a new credential with the authority’s key.',
  severity: 'critical',
  threats: ['external', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.1.13'),
    cis('1.1.14'),
    cis('5.1.7'),
    kubernetes('security-checklist: authn-authz'),
    owasp('K09'),
    nsa('kubeconfig'),
    seed('000/admin-kubeconfig'),
    seed('003/kubeconfig-files'),
  ],
  stock: 'differs',
  // A run that needs a credential makes one and takes it away again; what somebody else left goes with it.
  settings: () => files.map((path) => ({ kind: 'absent-file', path, roles: ['control-plane', 'worker'] })),
  checks: () => files.map((path) => fileAbsent({ scope: 'node', path })),
});
