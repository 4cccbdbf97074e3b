import { fileMode } from '../../checks';
import { control } from '../control';
import { cis, seed, stig } from '../sources';

export default control({
  id: 'node/kubelet-unit',
  title: 'Only root reads and writes the unit of the kubelet',
  why: 'The unit decides with which arguments the most powerful process of the node starts.',
  cost: 'systemctl cat needs root.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.1.1'),
    cis('4.1.2'),
    stig('V-242406'),
    stig('V-242407'),
    stig('V-242454'),
    stig('V-242455'),
    seed('004/2.2.3'),
    seed('004/2.2.4'),
  ],
  stock: 'differs',
  // The planner lays the unit down with this mode.
  settings: () => [],
  checks: () => [
    fileMode({ scope: 'node', path: '/etc/systemd/system/kubelet.service', mode: '0600' }),
    fileMode({ scope: 'node', path: '/etc/systemd/system/kubelet.service.d/*.conf', mode: '0600' }),
  ],
});
