import { hasBoards } from '../../boards';
import { board, fail, pass } from '../../checks';
import { control } from '../control';
import { kubernetes, nsa } from '../sources';
import { bothRoles } from '../support/firewall';

export default control({
  id: 'board/clock',
  title: 'On a board nothing of the cluster starts before the clock is right',
  why: 'A board has no battery and wakes up in the past: it would take certificates that have expired for valid, make some that are not valid yet, and date the audit log wrongly.',
  cost: 'A board that reaches no time server after a reboot does not rejoin.',
  severity: 'medium',
  threats: ['external', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('logging'), kubernetes('security-checklist: logs')],
  stock: 'differs',
  appliesTo: hasBoards,
  settings: () => [
    { kind: 'node-service', service: 'time-gate', roles: bothRoles },
    {
      kind: 'board-file',
      path: '/etc/systemd/system/kubelet.service.d/30-bulwark-clock.conf',
      lines: ['[Unit]', 'Wants=time-sync.target', 'After=time-sync.target'],
      restarts: [],
    },
  ],
  checks: () => [
    board({
      expected: 'the clock is synchronised, and the kubelet waits for that at boot',
      judge: ({ clockSynchronised, kubeletWaitsForClock }) => {
        if (!clockSynchronised) return fail('the clock is not synchronised');
        return kubeletWaitsForClock ? pass('synchronised') : fail('the kubelet starts before the clock is right');
      },
    }),
  ],
});
