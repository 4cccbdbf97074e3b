import { control } from '../control';
import { cis, seed } from '../sources';
import { kubeletField } from '../support/kubelet';

export default control({
  id: 'kubelet/iptables-chains',
  title: 'Kubelets keep their iptables chains',
  why: 'Without them traffic to services may take ways that no rule foresaw.',
  cost: 'None known.',
  severity: 'low',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('4.2.6'), seed('004/2.1.8')],
  stock: 'same',
  ...kubeletField('makeIPTablesUtilChains', true),
});
