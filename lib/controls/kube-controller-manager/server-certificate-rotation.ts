import { kubeletConfig, processArgList } from '../../checks';
import { control } from '../control';
import { cis, seed } from '../sources';

export default control({
  id: 'kube-controller-manager/server-certificate-rotation',
  title: 'Rotation of the kubelets’ serving certificates is not switched off',
  why: 'A certificate that nobody renews ends as one that nobody verifies.',
  cost: 'None known.',
  severity: 'medium',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.3.6'), cis('4.2.11'), seed('004/2.1.14')],
  stock: 'same',
  // The gate is on by default; only an argument could switch it off.
  settings: () => [],
  checks: (cluster) => [
    processArgList({
      scope: 'control-plane',
      process: 'kube-controller-manager',
      name: 'feature-gates',
      excluded: ['RotateKubeletServerCertificate=false'],
    }),
    ...kubeletConfig(cluster, {
      path: 'featureGates.RotateKubeletServerCertificate',
      value: true,
      accepts: (value) => value !== false,
    }),
  ],
});
