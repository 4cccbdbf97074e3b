import { control } from '../control';
import { cis, kubernetes, owasp, seed } from '../sources';
import { kubeletField } from '../support/kubelet';

export default control({
  id: 'kubelet/pod-pids-limit',
  title: 'A pod has at most 4096 processes',
  why: 'A fork bomb in one pod otherwise takes every process id of the node.',
  cost: 'Programs with very many threads in one pod fail to start more.',
  severity: 'medium',
  threats: ['user', 'external'],
  stops: ['A45'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.2.13'),
    kubernetes('hardening-guide: resource limits'),
    owasp('K01'),
    seed('000/noisy-neighbours'),
    seed('000/pid-limit'),
  ],
  stock: 'differs',
  ...kubeletField('podPidsLimit', 4096),
});
