import { fileMode } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, microsoft, seed, stig } from '../sources';

const files = ['/etc/kubernetes/pki/*.key', '/etc/kubernetes/pki/etcd/*.key'];

export default control({
  id: 'pki/private-keys',
  title: 'Only root reads the private keys of the control plane',
  why: 'The key of the cluster’s authority makes any identity, and nothing revokes it.',
  cost: 'The keys stay on the control planes; kubeadm renews certificates with them.',
  severity: 'critical',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.1.19'),
    cis('1.1.21'),
    stig('V-242451'),
    stig('V-242467'),
    kubernetes('hardening-guide: pki'),
    microsoft('MS-M9016'),
    seed('000/pki-files'),
    seed('000/authority-keys'),
  ],
  stock: 'same',
  settings: () =>
    files.map((path) => ({
      kind: 'file-mode',
      path,
      mode: '0600',
      owner: 'root',
      group: 'root',
      roles: ['control-plane'],
    })),
  checks: () => files.map((path) => fileMode({ scope: 'control-plane', path, mode: '0600' })),
});
