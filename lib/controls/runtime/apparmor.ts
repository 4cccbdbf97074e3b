import { hasBoards } from '../../boards';
import { fileText } from '../../checks';
import type { Setting } from '../../settings/setting';
import { control } from '../control';
import { kubernetes, microsoft, nsa, seed } from '../sources';

const setting = (value: boolean): Setting => ({
  kind: 'containerd-field',
  path: ['plugins', 'io.containerd.cri.v1.runtime', 'disable_apparmor'],
  value,
});

export default control({
  id: 'runtime/apparmor',
  title: 'Containers are confined by AppArmor',
  why: 'A mandatory access policy still holds when a container runs as root.',
  cost: 'Needs a kernel with AppArmor switched on, as Debian’s is.',
  severity: 'medium',
  threats: ['user', 'external'],
  stops: ['A40'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    kubernetes('security-checklist: pod security'),
    microsoft('MS-M9011'),
    nsa('pod environment'),
    seed('001/security-module'),
    seed('003/security-profiles'),
  ],
  stock: 'same',
  settings: (cluster) => [
    setting(false),
    // Built into the kernel of Raspberry Pi OS and left off.
    ...(hasBoards(cluster)
      ? ([
          { kind: 'kernel-argument', argument: 'apparmor=1', instead: ['apparmor=0'] },
          { kind: 'kernel-argument', argument: 'security=apparmor', instead: ['security=none'] },
        ] as const)
      : []),
  ],
  whenWaived: () => [setting(true)],
  checks: () => [
    fileText({
      scope: 'node',
      path: '/sys/module/apparmor/parameters/enabled',
      matches: /^Y/,
      expected: 'the kernel has AppArmor on',
    }),
    fileText({
      scope: 'node',
      path: '/etc/containerd/config.toml',
      lacks: /^\s*disable_apparmor\s*=\s*true/m,
      expected: 'no disable_apparmor = true',
    }),
  ],
});
