import { fileMode } from '../../checks';
import { control } from '../control';
import { cis, microsoft, seed, stig } from '../sources';
import { bothRoles } from '../support/firewall';

const files = [
  '/var/lib/kubelet/config.yaml',
  '/var/lib/kubelet/kubeadm-flags.env',
  '/var/lib/kubelet/instance-config.yaml',
];

export default control({
  id: 'node/kubelet-configuration',
  title: 'Only root reads and writes the configuration of the kubelet',
  why: 'It decides who may call the kubelet and which static pods run.',
  cost: 'None known.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.1.9'),
    cis('4.1.10'),
    stig('V-242456'),
    stig('V-242457'),
    stig('V-242407'),
    microsoft('MS-M9016'),
    seed('004/2.2.9'),
    seed('004/2.2.10'),
  ],
  stock: 'differs',
  settings: () =>
    files.map((path) => ({ kind: 'file-mode', path, mode: '0600', owner: 'root', group: 'root', roles: bothRoles })),
  checks: () => files.map((path) => fileMode({ scope: 'node', path, mode: '0600' })),
});
