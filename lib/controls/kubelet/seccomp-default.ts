import { control } from '../control';
import { cis, kubernetes, microsoft, nsa, owasp, seed } from '../sources';
import { kubeletField } from '../support/kubelet';

export default control({
  id: 'kubelet/seccomp-default',
  title: 'Containers run with the runtime’s seccomp profile unless they name another',
  why: 'Rarely used system calls are where most kernel escapes begin.',
  cost: 'Programs that need such calls (debuggers, io_uring) must name a profile of their own. Privileged containers stay without.',
  severity: 'high',
  threats: ['user', 'external', 'supply-chain'],
  stops: ['A40'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.2.14'),
    cis('5.6.2'),
    kubernetes('security-checklist: pod security'),
    nsa('pod environment'),
    owasp('K01'),
    microsoft('MS-M9011'),
    seed('003/security-profiles'),
  ],
  stock: 'differs',
  ...kubeletField('seccompDefault', true),
});
