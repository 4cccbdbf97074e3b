import { fileMode } from '../../checks';
import { control } from '../control';
import { cis, microsoft, seed, stig } from '../sources';

export default control({
  id: 'node/static-pod-manifests',
  title: 'Only root reads and writes the manifests of static pods',
  why: 'A file in this directory runs as a privileged pod that no admission control sees.',
  cost: 'None known.',
  severity: 'high',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.1.1'),
    cis('1.1.2'),
    cis('1.1.3'),
    cis('1.1.4'),
    cis('1.1.5'),
    cis('1.1.6'),
    cis('1.1.7'),
    cis('1.1.8'),
    stig('V-242405'),
    stig('V-242408'),
    stig('V-242444'),
    microsoft('MS-M9016'),
    seed('000/static-manifests'),
  ],
  stock: 'same',
  settings: () => [
    {
      kind: 'file-mode',
      path: '/etc/kubernetes/manifests/*.yaml',
      mode: '0600',
      owner: 'root',
      group: 'root',
      roles: ['control-plane'],
    },
    {
      kind: 'directory',
      path: '/etc/kubernetes/manifests',
      mode: '0700',
      owner: 'root',
      group: 'root',
      roles: ['control-plane'],
    },
  ],
  checks: () => [
    fileMode({ scope: 'control-plane', path: '/etc/kubernetes/manifests/*.yaml', mode: '0600' }),
    fileMode({ scope: 'control-plane', path: '/etc/kubernetes/manifests', mode: '0700' }),
  ],
});
