import { httpStatus, kubeletConfig, nodeAddress } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, owasp, seed, stig } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/anonymous-auth',
  title: 'Kubelets refuse requests without credentials',
  why: 'An open kubelet API lists pods and runs commands in every container of the node.',
  cost: 'None known: the health endpoint of kubelets listens on loopback instead.',
  severity: 'critical',
  threats: ['external', 'user'],
  stops: ['A16'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.2.1'),
    stig('V-242391'),
    kubernetes('api-server-bypass-risks: kubelet'),
    owasp('K06'),
    seed('001/kubelet-access'),
    seed('003/kubelet-anonymous'),
    seed('004/component-defaults'),
    seed('004/2.1.2'),
  ],
  stock: 'same',
  waivable: false,
  settings: () => [field('authentication.anonymous.enabled', false)],
  checks: (cluster) => [
    httpStatus({ scope: 'node', url: `https://${nodeAddress}:10250/pods`, status: [401] }),
    ...kubeletConfig(cluster, { path: 'authentication.anonymous.enabled', value: false }),
  ],
});
