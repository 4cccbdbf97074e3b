import { clusterCa } from '../../node-paths';
import { control } from '../control';
import { cis, seed, stig } from '../sources';
import { kubeletField } from '../support/kubelet';

export default control({
  id: 'kubelet/client-authority',
  title: 'Kubelets accept client certificates of the cluster’s authority',
  why: 'Without an authority the kubelet cannot recognise the API server.',
  cost: 'None known.',
  severity: 'high',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('4.2.3'), stig('V-242420'), seed('003/kubelet-certificates'), seed('004/2.1.4')],
  stock: 'same',
  ...kubeletField('authentication.x509.clientCAFile', clusterCa),
});
