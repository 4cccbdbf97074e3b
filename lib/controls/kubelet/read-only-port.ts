import { listenerAbsent } from '../../checks';
import { control } from '../control';
import { cis, cve, kubernetes, seed, stig } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/read-only-port',
  title: 'Kubelets have no port without authentication',
  why: 'Port 10255 tells everybody what runs on the node.',
  cost: 'Old monitoring that scrapes port 10255 must move to 10250 with credentials.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: ['A17'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.2.4'),
    stig('V-242387'),
    kubernetes('api-server-bypass-risks: kubelet'),
    cve('CVE-2025-0426'),
    seed('003/kubelet-read-only-port'),
    seed('004/2.1.5'),
  ],
  stock: 'same',
  settings: () => [field('readOnlyPort', 0)],
  checks: () => [listenerAbsent({ scope: 'node', port: 10255 })],
});
