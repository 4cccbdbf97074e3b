import { fileMode } from '../../checks';
import { control } from '../control';
import { cis, microsoft } from '../sources';
import { bothRoles } from '../support/firewall';

export default control({
  id: 'network/cni-files',
  title: 'Only root reads and writes the configuration of the pod network',
  why: 'Whoever writes it decides which program the runtime starts as root for each pod.',
  cost: 'None known.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.1.9'), cis('1.1.10'), microsoft('MS-M9016')],
  stock: 'same',
  // The network's own pods write the files when they start; the sweep tightens them.
  settings: () => [
    { kind: 'directory', path: '/etc/cni/net.d', mode: '0700', owner: 'root', group: 'root', roles: bothRoles },
  ],
  checks: () => [fileMode({ scope: 'node', path: '/etc/cni/net.d', mode: '0700' })],
});
