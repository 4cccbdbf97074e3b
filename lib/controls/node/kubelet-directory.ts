import { fileMode } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft, seed } from '../sources';
import { bothRoles } from '../support/firewall';

const keys = '/var/lib/kubelet/pki/*.pem';

export default control({
  id: 'node/kubelet-directory',
  title: 'Only root enters the directory of the kubelet',
  why: 'It holds the volumes, Secrets and tokens of every pod on the node.',
  cost: 'None known.',
  severity: 'high',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [microsoft('MS-M9016'), kubernetes('kubelet files'), seed('000/worker-nodes')],
  stock: 'same',
  // 0750 and not less: some volume plugins let a group in.
  settings: () => [
    { kind: 'directory', path: '/var/lib/kubelet', mode: '0750', owner: 'root', group: 'root', roles: bothRoles },
    { kind: 'file-mode', path: keys, mode: '0600', owner: 'root', group: 'root', roles: bothRoles },
  ],
  checks: () => [
    fileMode({ scope: 'node', path: '/var/lib/kubelet', mode: '0750' }),
    fileMode({ scope: 'node', path: keys, mode: '0600' }),
  ],
});
