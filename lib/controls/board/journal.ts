import { hasBoards } from '../../boards';
import { board, fail, pass } from '../../checks';
import { control } from '../control';
import { nsa } from '../sources';

const mebibytes = 128;

export default control({
  id: 'board/journal',
  title: 'The journal of a board outlives a reboot and spares its card',
  why: 'Raspberry Pi OS keeps the journal in memory, so that whoever makes a board reboot wipes the traces; without limits it wears the card out.',
  cost: 'Up to 15 minutes of messages below `crit` are lost when the power goes.',
  severity: 'low',
  threats: ['user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('logging')],
  stock: 'differs',
  appliesTo: hasBoards,
  settings: () => [
    {
      kind: 'board-file',
      path: '/etc/systemd/journald.conf.d/90-bulwark.conf',
      lines: ['[Journal]', 'Storage=persistent', `SystemMaxUse=${mebibytes}M`, 'SyncIntervalSec=15m', 'Compress=yes'],
      restarts: ['systemd-journald.service'],
    },
  ],
  checks: () => [
    board({
      expected: `the journal is on the disk, ${mebibytes} MiB at most`,
      judge: ({ journalKept, journalBytes }) => {
        if (!journalKept) return fail('in memory only');
        const used = `${Math.round(journalBytes / 2 ** 20)} MiB`;
        return journalBytes <= mebibytes * 2 ** 20 ? pass(used) : fail(used);
      },
    }),
  ],
});
