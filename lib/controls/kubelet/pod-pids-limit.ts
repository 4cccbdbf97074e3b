import { control } from '../control';
import { cis, kubernetes, owasp, seed } from '../sources';
import { kubeletValue } from '../support/kubelet';
import { numberValue } from '../value';

// Teams that do not trust each other leave each other less room.
const processes = numberValue({
  of: 'kubelet/pod-pids-limit',
  what: 'processes of a pod',
  usual: 4096,
  tighter: 'less',
});

export default control({
  id: 'kubelet/pod-pids-limit',
  title: 'A pod has a limit of processes',
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
  ...kubeletValue('podPidsLimit', processes),
});
