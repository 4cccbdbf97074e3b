import { httpStatus, kubeletConfig, nodeAddress } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/system-logs',
  title: 'Kubelets do not serve /var/log',
  why: 'A pod that can write a link into /var/log reads any file of the node through this handler.',
  cost: 'kubectl cannot show the logs of the node itself; container logs are not concerned.',
  severity: 'high',
  threats: ['user'],
  stops: ['A42'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    kubernetes('api-server-bypass-risks: kubelet'),
    kubernetes('security-checklist: logs'),
    owasp('K06'),
    seed('003/kubelet-logs'),
  ],
  stock: 'differs',
  settings: () => [field('enableSystemLogHandler', false), field('enableSystemLogQuery', false)],
  checks: (cluster) => [
    // An administrator is authorized, so that 405 is the word of the switched-off handler.
    httpStatus({ scope: 'control-plane', url: `https://${nodeAddress}:10250/logs/`, client: 'admin', status: [405] }),
    ...kubeletConfig(cluster, { path: 'enableSystemLogHandler', value: false }),
    ...kubeletConfig(cluster, { path: 'enableSystemLogQuery', value: false }),
  ],
});
