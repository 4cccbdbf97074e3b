import { httpStatus, kubeletConfig, nodeAddress } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, owasp, seed, stig } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/authorization',
  title: 'Kubelets ask the API server what a caller may do',
  why: 'With AlwaysAllow every valid certificate or token, a pod’s among them, runs commands in every container of the node.',
  cost: 'A kubelet that cannot reach the API server refuses its own API; it asks again about a caller after 10 seconds.',
  severity: 'critical',
  threats: ['user', 'external'],
  stops: ['A18'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.2.2'),
    stig('V-242392'),
    kubernetes('api-server-bypass-risks: kubelet'),
    owasp('K06'),
    seed('001/kubelet-access'),
    seed('003/kubelet-authorization'),
    seed('004/2.1.3'),
  ],
  stock: 'same',
  waivable: false,
  settings: () => [
    field('authentication.webhook.enabled', true),
    field('authorization.mode', 'Webhook'),
    // A right that was taken away ends after this long, as with the scheduler. The kubelet’s own default is five minutes.
    field('authorization.webhook.cacheAuthorizedTTL', '10s'),
  ],
  checks: (cluster) => [
    // A kubelet's own certificate is valid and may not read pods through a kubelet.
    httpStatus({ scope: 'node', url: `https://${nodeAddress}:10250/pods`, client: 'kubelet', status: [403] }),
    ...kubeletConfig(cluster, { path: 'authorization.mode', value: 'Webhook' }),
    ...kubeletConfig(cluster, { path: 'authentication.webhook.enabled', value: true }),
  ],
});
