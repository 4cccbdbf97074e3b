import { fileMode } from '../../checks';
import { control } from '../control';
import { microsoft, seed } from '../sources';

export default control({
  id: 'runtime/configuration-file',
  title: 'Only root reads and writes the configuration of containerd',
  why: 'It names registries and their credentials, and decides what confines containers.',
  cost: 'None known.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [microsoft('MS-M9016'), seed('000/runtime-files')],
  stock: 'differs',
  // The planner lays the file down with this mode.
  settings: () => [],
  checks: () => [fileMode({ scope: 'node', path: '/etc/containerd/config.toml', mode: '0600' })],
});
