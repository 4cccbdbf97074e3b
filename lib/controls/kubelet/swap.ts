import { kubeletConfig } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/swap',
  title: 'Nodes run without swap',
  why: 'What is swapped out, Secrets of pods among it, lies on the disk in clear text.',
  cost: 'A node that runs out of memory kills processes instead of slowing down.',
  severity: 'medium',
  threats: ['provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('failSwapOn'), owasp('K07'), seed('000/worker-nodes')],
  stock: 'same',
  settings: () => [field('failSwapOn', true)],
  whenWaived: () => [field('failSwapOn', false)],
  checks: (cluster) => kubeletConfig(cluster, { path: 'failSwapOn', value: true }),
});
