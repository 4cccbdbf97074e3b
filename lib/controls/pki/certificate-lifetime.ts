import { certificateLifetime } from '../../checks';
import { control } from '../control';
import { kubernetes } from '../sources';

export default control({
  id: 'pki/certificate-lifetime',
  title: 'No certificate of the cluster is about to end',
  why: 'A certificate that ends stops the component that shows it, and a cluster repaired in a hurry is repaired with its guards down.',
  cost: 'The certificates of a control plane must be renewed once a year; an upgrade does it.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('kubeadm certs: expiration')],
  stock: 'same',
  // kubeadm and the kubelet make them; nothing is to be rendered.
  settings: () => [],
  checks: () => [
    certificateLifetime({ scope: 'control-plane', path: '/etc/kubernetes/pki/*.crt', days: 30 }),
    certificateLifetime({ scope: 'control-plane', path: '/etc/kubernetes/pki/etcd/*.crt', days: 30 }),
    // Kubelets renew theirs by themselves, at the latest when a tenth of 90 days is left.
    certificateLifetime({ scope: 'node', path: '/var/lib/kubelet/pki/kubelet-*-current.pem', days: 7 }),
  ],
});
