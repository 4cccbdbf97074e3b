import { processArg } from '../../checks';
import { control } from '../control';
import { cis, seed, stig } from '../sources';

const scope = 'control-plane';
const process = 'kube-apiserver';
const pair = '/etc/kubernetes/pki/apiserver-kubelet-client';

export default control({
  id: 'kube-apiserver/kubelet-client-certificate',
  title: 'The API server shows kubelets a certificate of its own',
  why: 'Without one a kubelet cannot tell the API server from anybody else on the network.',
  cost: 'None: kubeadm makes and renews the certificate.',
  severity: 'high',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.4'), stig('V-245544'), seed('003/kubelet-certificates')],
  stock: 'same',
  // kubeadm sets both arguments, and the planner refuses other values.
  settings: () => [],
  checks: () => [
    processArg({ scope, process, name: 'kubelet-client-certificate', value: `${pair}.crt` }),
    processArg({ scope, process, name: 'kubelet-client-key', value: `${pair}.key` }),
  ],
});
