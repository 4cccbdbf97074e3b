import { kubeletConfig } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';
import { field } from '../support/kubelet';

const shares = {
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
  'memory.available': '100Mi',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
  'pid.available': '5%',
};
const absolute = {
  'imagefs.available': '500Mi',
  'memory.available': '100Mi',
  'nodefs.available': '500Mi',
};

export default control({
  id: 'kubelet/eviction-thresholds',
  title: 'Kubelets evict pods before memory, disk or process ids run out',
  why: 'A pod that fills the disk or the process table otherwise takes the node with it.',
  cost: 'Pods without reserves are stopped early. Thresholds are shares of the disk, which on a very large, shared or nearly full disk come too early.',
  severity: 'medium',
  threats: ['user'],
  stops: ['A45'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('hardening-guide: resource limits'), owasp('K01'), seed('000/noisy-neighbours')],
  stock: 'differs',
  settings: () => [field('evictionHard', shares)],
  // The disk of a shared machine says nothing about this node: absolute thresholds, and no clean-up of images.
  whenWaived: () => [
    field('evictionHard', absolute),
    field('imageGCHighThresholdPercent', 100),
    field('imageGCLowThresholdPercent', 99),
  ],
  checks: (cluster) =>
    Object.entries(shares).flatMap(([signal, value]) =>
      kubeletConfig(cluster, { path: `evictionHard.[${signal}]`, value }),
    ),
});
