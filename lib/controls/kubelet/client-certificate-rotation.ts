import { control } from '../control';
import { cis, seed } from '../sources';
import { kubeletField } from '../support/kubelet';

export default control({
  id: 'kubelet/client-certificate-rotation',
  title: 'Kubelets renew their client certificates',
  why: 'A certificate that nobody renews is made to live for years.',
  cost: 'None known.',
  severity: 'medium',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('4.2.10'), seed('001/rotation'), seed('004/2.1.13')],
  stock: 'same',
  ...kubeletField('rotateCertificates', true),
});
