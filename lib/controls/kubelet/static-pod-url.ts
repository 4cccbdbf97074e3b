import { kubeletConfig, processArgsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft } from '../sources';

export default control({
  id: 'kubelet/static-pod-url',
  title: 'Kubelets fetch no pods from the web',
  why: 'Pods from a web address run past admission; whoever owns the address, or the way to it, owns the node.',
  cost: 'None known.',
  severity: 'high',
  threats: ['external', 'admin', 'supply-chain'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [microsoft('MS-M9032'), kubernetes('api-server-bypass-risks: static pods')],
  stock: 'same',
  // There is no such address unless somebody gives one.
  settings: () => [],
  checks: (cluster) => [
    ...kubeletConfig(cluster, { path: 'staticPodURL', value: '', accepts: (found) => !found }),
    processArgsAbsent({ scope: 'node', process: 'kubelet', names: ['manifest-url', 'manifest-url-header'] }),
  ],
});
