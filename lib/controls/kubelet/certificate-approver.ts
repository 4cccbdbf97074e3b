import { accessAllowed, accessDenied, unitActive } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, owasp, seed } from '../sources';

const user = 'bulwark:csr-approver';
const approve = { user, verb: 'approve', group: 'certificates.k8s.io', resource: 'signers' } as const;

export default control({
  id: 'kubelet/certificate-approver',
  title: 'Kubelet certificates are approved against the inventory, by a service that may do nothing else',
  why: 'Approving every request hands a stolen node the certificate of any other address; approving by hand leaves nodes without logs and exec.',
  cost: 'A node that is not in the spec gets no certificate. The approver runs as a service on control planes.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('5.1.11'),
    kubernetes('hardening-guide: pki'),
    owasp('K02'),
    seed('000/kubelet-certificate'),
    seed('001/kubelet-csr'),
  ],
  stock: 'differs',
  settings: () => [
    { kind: 'node-service', service: 'csr-approver', roles: ['control-plane'] },
    { kind: 'platform-feature', feature: 'csr-approver-rbac' },
  ],
  checks: () => [
    unitActive({ unit: 'bulwark-csr-approver.service', scope: 'control-plane' }),
    accessAllowed({ ...approve, name: 'kubernetes.io/kubelet-serving' }),
    accessDenied({ ...approve, name: 'kubernetes.io/kube-apiserver-client' }),
    accessDenied({ user, verb: 'list', resource: 'secrets' }),
  ],
});
