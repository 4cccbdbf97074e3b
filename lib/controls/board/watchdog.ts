import { hasBoards } from '../../boards';
import { board, fail, notApplicable, pass } from '../../checks';
import { control } from '../control';
import { kubernetes } from '../sources';

/** The watchdog of a Raspberry Pi counts to 15 seconds at most. */
const seconds = 15;

export default control({
  id: 'board/watchdog',
  title: 'A board that hangs restarts by itself',
  why: 'A pod that drives a board into a hang otherwise takes it out of the cluster until somebody pulls the plug.',
  cost: 'A board whose systemd is starved for 15 seconds reboots, and its pods with it.',
  severity: 'low',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('hardening-guide: resource limits')],
  stock: 'differs',
  appliesTo: hasBoards,
  settings: () => [
    {
      kind: 'board-file',
      path: '/etc/systemd/system.conf.d/90-bulwark.conf',
      lines: ['[Manager]', `RuntimeWatchdogSec=${seconds}`, 'RebootWatchdogSec=2min'],
      restarts: ['systemd'],
    },
  ],
  checks: () => [
    board({
      expected: `systemd feeds the watchdog, every ${seconds} s at least`,
      judge: ({ watchdogSeconds }) => {
        if (watchdogSeconds === null) return notApplicable('no watchdog device');
        const seen = watchdogSeconds === 0 ? 'off' : `${watchdogSeconds} s`;
        return watchdogSeconds > 0 && watchdogSeconds <= seconds ? pass(seen) : fail(seen);
      },
    }),
  ],
});
