import { processArg } from '../../checks';
import { clusterCa } from '../../node-paths';
import { control } from '../control';
import { cis, stig } from '../sources';

const scope = 'control-plane';
const process = 'kube-controller-manager';

export default control({
  id: 'kube-controller-manager/keys',
  title: 'Service account tokens are signed with their own key, and pods learn the cluster’s authority',
  why: 'Without the authority pods cannot verify the API server.',
  cost: 'None: kubeadm makes the keys.',
  severity: 'medium',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.3.4'), cis('1.3.5'), stig('V-242421')],
  stock: 'same',
  // kubeadm sets both arguments, and the planner refuses other values.
  settings: () => [],
  checks: () => [
    processArg({ scope, process, name: 'service-account-private-key-file', value: '/etc/kubernetes/pki/sa.key' }),
    processArg({ scope, process, name: 'root-ca-file', value: clusterCa }),
  ],
});
