import { fileMode } from '../../checks';
import { control } from '../control';
import { cis, nsa, seed, stig } from '../sources';
import { bothRoles } from '../support/firewall';

export default control({
  id: 'node/kubeconfigs',
  title: 'Only root reads the credentials of components',
  why: 'A kubeconfig is its bearer’s rights.',
  cost: 'None known.',
  severity: 'high',
  threats: ['user'],
  stops: ['A25'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.1.15'),
    cis('1.1.16'),
    cis('1.1.17'),
    cis('1.1.18'),
    cis('4.1.3'),
    cis('4.1.4'),
    cis('4.1.5'),
    cis('4.1.6'),
    stig('V-242446'),
    stig('V-242447'),
    stig('V-242448'),
    stig('V-242452'),
    stig('V-242453'),
    stig('V-242460'),
    nsa('kubeconfig'),
    seed('000/component-kubeconfigs'),
    seed('003/kube-proxy-files'),
    seed('003/kubeconfig-files'),
    seed('004/2.2.1'),
    seed('004/2.2.2'),
    seed('004/2.2.5'),
    seed('004/2.2.6'),
  ],
  stock: 'same',
  settings: () => [
    { kind: 'file-mode', path: '/etc/kubernetes/*.conf', mode: '0600', owner: 'root', group: 'root', roles: bothRoles },
  ],
  checks: () => [fileMode({ scope: 'node', path: '/etc/kubernetes/*.conf', mode: '0600' })],
});
