import { kubeletConfig } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/cgroup-v2',
  title: 'Kubelets run on cgroup v2 only',
  why: 'Limits of memory, processes and devices have gaps on version 1, and seccomp and user namespaces lean on version 2.',
  cost: 'Old kernels and distributions cannot be nodes.',
  severity: 'medium',
  threats: ['user'],
  stops: ['A45'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('failCgroupV1'), owasp('K07')],
  stock: 'same',
  settings: () => [field('failCgroupV1', true)],
  whenWaived: () => [field('failCgroupV1', false)],
  checks: (cluster) => kubeletConfig(cluster, { path: 'failCgroupV1', value: true }),
});
