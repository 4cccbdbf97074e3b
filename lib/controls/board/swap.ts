import { hasBoards } from '../../boards';
import { board, fail, pass } from '../../checks';
import type { Setting } from '../../settings/setting';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';

/** Keeps a unit from starting, whether its package is there already or comes later. */
const never = (unit: string): Setting => ({
  kind: 'board-file',
  path: `/etc/systemd/system/${unit}.d/90-bulwark.conf`,
  lines: ['[Unit]', 'ConditionPathExists=!/'],
  restarts: [],
});

export default control({
  id: 'board/swap',
  title: 'A board has no swap, on its card or in compressed memory, not after a reboot either',
  why: 'Secrets that are swapped out lie in clear text on a card that anybody can take; each release of Raspberry Pi OS brings swap back in another way.',
  cost: 'A board that runs out of memory kills processes instead of slowing down.',
  severity: 'medium',
  threats: ['provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('failSwapOn'), owasp('K07')],
  stock: 'differs',
  appliesTo: hasBoards,
  settings: () => [
    // Every swap unit: of /etc/fstab, of zram-generator, of rpi-swap.
    never('swap'),
    // These two call swapon themselves.
    never('dphys-swapfile.service'),
    never('zramswap.service'),
    {
      kind: 'board-file',
      path: '/etc/rpi/swap.conf.d/90-bulwark.conf',
      lines: ['[Main]', 'Mechanism=none'],
      restarts: [],
    },
    {
      // Takes the place of the packaged file; without a section no device is made.
      kind: 'board-file',
      path: '/etc/systemd/zram-generator.conf',
      lines: [],
      restarts: [],
    },
  ],
  checks: () => [
    board({
      expected: 'nothing is swapped to',
      judge: ({ swaps }) => (swaps.length === 0 ? pass('no swap') : fail(swaps.slice(0, 3).join(', ').slice(0, 200))),
    }),
  ],
});
