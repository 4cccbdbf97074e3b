import { hasBoards } from '../../boards';
import { board, fail, pass } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';

export default control({
  id: 'board/memory-cgroup',
  title: 'The kernel of a board counts and limits the memory of pods',
  why: 'The firmware of a Raspberry Pi switches the memory controller off; one pod then takes the memory of all others.',
  cost: 'About 1 % of the memory, and one reboot when the node is set up.',
  severity: 'high',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('hardening-guide: resource limits'), owasp('K01')],
  stock: 'differs',
  appliesTo: hasBoards,
  settings: () => [
    // The second word is what kernels before 4.14 understood; later ones know both.
    { kind: 'kernel-argument', argument: 'cgroup_enable=memory', instead: ['cgroup_disable=memory'] },
    { kind: 'kernel-argument', argument: 'cgroup_memory=1', instead: ['cgroup_memory=0'] },
  ],
  checks: () => [
    board({
      expected: 'the memory controller of cgroups is on',
      judge: ({ memoryCgroup }) => (memoryCgroup ? pass('on') : fail('off')),
    }),
  ],
});
