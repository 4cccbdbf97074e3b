import { fileMode } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft, seed } from '../sources';

const socket = '/run/containerd/containerd.sock';

export default control({
  id: 'runtime/socket',
  title: 'Only root speaks to containerd',
  why: 'Whoever may write to the socket is root on the node.',
  cost: 'Tools such as crictl need root.',
  severity: 'critical',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('api-server-bypass-risks: runtime socket'), microsoft('MS-M9016'), seed('000/runtime-files')],
  stock: 'same',
  // containerd makes the socket so by itself; the sweep takes back what somebody changed.
  settings: () => [
    { kind: 'file-mode', path: socket, mode: '0660', owner: 'root', group: 'root', roles: ['control-plane', 'worker'] },
  ],
  checks: () => [fileMode({ scope: 'node', path: socket, mode: '0660' })],
});
