import { processArgsAbsent } from '../../checks';
import { control } from '../control';
import { cis, seed, stig } from '../sources';

export default control({
  id: 'kubelet/host-name',
  title: 'A node’s name is its host name',
  why: 'A kubelet that overrides its name breaks the link between certificate, host and inventory.',
  cost: 'The host name is set from the spec.',
  severity: 'low',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('4.2.7'), stig('V-242404'), seed('004/2.1.9')],
  stock: 'same',
  // kubeadm adds the argument only where the names differ.
  settings: () => [],
  checks: () => [processArgsAbsent({ scope: 'node', process: 'kubelet', names: ['hostname-override'] })],
});
