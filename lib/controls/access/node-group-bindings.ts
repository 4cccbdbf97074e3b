import { at, list, type ObjectFact, objectsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';

/** kubeadm lets kubelets renew their own client certificate by this role, and by nothing else. */
const renewal = 'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient';

const bindsNodes = (binding: ObjectFact): boolean =>
  list(at(binding, 'subjects')).some((subject) => /^system:node(s$|:)/.test(`${at(subject, 'name')}`));

export default control({
  id: 'access/node-group-bindings',
  title: 'Kubelets have the rights of the Node authorizer and no role besides',
  why: 'The Node authorizer shows a kubelet the Secrets of its own pods; a role bound to all nodes shows a stolen one everything.',
  cost: 'Agents on nodes need accounts of their own instead of the credential of the kubelet.',
  severity: 'high',
  threats: ['external', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K02'), kubernetes('hardening-guide: authz'), seed('000/node-authorization')],
  stock: 'same',
  // kubeadm makes the binding for renewal; more can only come later.
  settings: () => [],
  checks: () => [
    objectsAbsent({
      resource: 'clusterrolebindings.rbac.authorization.k8s.io',
      keep: ['subjects', 'roleRef'],
      where: (binding) => bindsNodes(binding) && at(binding, 'roleRef.name') !== renewal,
      expected: 'nothing but the renewal of their certificates is bound to nodes',
    }),
  ],
});
