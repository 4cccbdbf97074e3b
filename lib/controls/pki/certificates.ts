import { fileMode } from '../../checks';
import { control } from '../control';
import { cis, seed, stig } from '../sources';
import { bothRoles } from '../support/firewall';

export default control({
  id: 'pki/certificates',
  title: 'Only root changes certificates, and only root enters their directory',
  why: 'A swapped authority makes a node trust somebody else.',
  cost: 'Other users of the node cannot read the authority; it is in every kubeconfig.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.1.19'),
    cis('1.1.20'),
    cis('4.1.7'),
    cis('4.1.8'),
    stig('V-242449'),
    stig('V-242450'),
    stig('V-242451'),
    stig('V-242466'),
    seed('000/pki-files'),
    seed('004/2.2.7'),
    seed('004/2.2.8'),
  ],
  stock: 'differs',
  settings: () => [
    { kind: 'directory', path: '/etc/kubernetes/pki', mode: '0700', owner: 'root', group: 'root', roles: bothRoles },
    {
      kind: 'file-mode',
      path: '/etc/kubernetes/pki/*.crt',
      mode: '0600',
      owner: 'root',
      group: 'root',
      roles: bothRoles,
    },
    {
      kind: 'file-mode',
      path: '/etc/kubernetes/pki/etcd/*.crt',
      mode: '0600',
      owner: 'root',
      group: 'root',
      roles: ['control-plane'],
    },
  ],
  checks: () => [
    fileMode({ scope: 'node', path: '/etc/kubernetes/pki', mode: '0700' }),
    fileMode({ scope: 'node', path: '/etc/kubernetes/pki/*.crt', mode: '0644' }),
    fileMode({ scope: 'control-plane', path: '/etc/kubernetes/pki/etcd/*.crt', mode: '0644' }),
  ],
});
