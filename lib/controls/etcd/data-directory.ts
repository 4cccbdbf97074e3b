import { fileMode } from '../../checks';
import { control } from '../control';
import { cis, microsoft, seed, stig } from '../sources';

const path = '/var/lib/etcd';

export default control({
  id: 'etcd/data-directory',
  title: 'The data directory of etcd belongs to the account etcd and is closed to others',
  why: 'The directory holds every object of the cluster.',
  cost: 'Only the owner of the directory changes: etcd itself still runs as root, because its keys belong to root.',
  severity: 'high',
  threats: ['user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.1.11'), cis('1.1.12'), stig('V-242445'), stig('V-242459'), microsoft('MS-M9016'), seed('000/etcd')],
  stock: 'differs',
  settings: () => [
    { kind: 'system-user', name: 'etcd', home: path, roles: ['control-plane'] },
    { kind: 'directory', path, mode: '0700', owner: 'etcd', group: 'etcd', roles: ['control-plane'] },
  ],
  checks: () => [fileMode({ scope: 'control-plane', path, mode: '0700', owner: 'etcd', group: 'etcd' })],
});
