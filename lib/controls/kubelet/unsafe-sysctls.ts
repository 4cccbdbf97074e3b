import { kubeletConfig, list } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';

export default control({
  id: 'kubelet/unsafe-sysctls',
  title: 'Pods cannot set unsafe kernel parameters',
  why: 'Such parameters reach beyond the pod to the whole node.',
  cost: 'Workloads that need one must have the node prepared for them.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('Pod Security Standards: baseline'), owasp('K01')],
  stock: 'same',
  settings: () => [],
  // An empty list is the default, and no control adds to it.
  checks: (cluster) => [
    ...kubeletConfig(cluster, {
      path: 'allowedUnsafeSysctls',
      value: [],
      accepts: (value) => value === undefined || list(value).length === 0,
    }),
  ],
});
