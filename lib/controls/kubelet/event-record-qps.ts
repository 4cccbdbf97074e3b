import { control } from '../control';
import { cis, seed } from '../sources';
import { kubeletField } from '../support/kubelet';

export default control({
  id: 'kubelet/event-record-qps',
  title: 'Kubelets report at most 50 events a second',
  why: 'Too few events hide an attack, too many drown the API server.',
  cost: 'Events beyond the rate are dropped. Zero, which old benchmarks asked for, now means 5.',
  severity: 'low',
  threats: ['user'],
  stops: ['A45'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('4.2.8'), seed('004/2.1.10')],
  stock: 'same',
  ...kubeletField('eventRecordQPS', 50),
});
