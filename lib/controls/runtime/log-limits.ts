import { kubeletConfig } from '../../checks';
import { control } from '../control';
import { nsa, owasp, seed } from '../sources';
import { field } from '../support/kubelet';

const size = '10Mi';
const files = 5;

export default control({
  id: 'runtime/log-limits',
  title: 'A container keeps at most five log files of 10 MiB on its node',
  why: 'A pod that writes without end otherwise fills the disk, and takes the node and its neighbours with it.',
  cost: 'Older lines are gone unless they are shipped elsewhere.',
  severity: 'medium',
  threats: ['user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('logging'), owasp('K01'), seed('000/noisy-neighbours')],
  stock: 'same',
  settings: () => [field('containerLogMaxSize', size), field('containerLogMaxFiles', files)],
  checks: (cluster) => [
    ...kubeletConfig(cluster, { path: 'containerLogMaxSize', value: size }),
    ...kubeletConfig(cluster, { path: 'containerLogMaxFiles', value: files }),
  ],
});
