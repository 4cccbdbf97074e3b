import type { Facts } from '../../../lib/checks/probe';
import clock from '../../../lib/controls/board/clock';
import etcdDisk from '../../../lib/controls/board/etcd-disk';
import journal from '../../../lib/controls/board/journal';
import memoryCgroup from '../../../lib/controls/board/memory-cgroup';
import swap from '../../../lib/controls/board/swap';
import watchdog from '../../../lib/controls/board/watchdog';
import { catalogue } from '../../../lib/controls/registry';
import { verdictOn } from '../../support/verdict-on';

/** A board on which every control holds. */
const well: Facts['board'] = {
  model: 'Raspberry Pi 4 Model B Rev 1.4',
  memoryCgroup: true,
  swaps: [],
  clockSynchronised: true,
  kubeletWaitsForClock: true,
  watchdogSeconds: 15,
  journalKept: true,
  journalBytes: 100 * 2 ** 20,
  diskSyncMilliseconds: 4.2,
};

test.each([
  [memoryCgroup, 'off', { memoryCgroup: false }],
  [swap, 'compressed memory', { swaps: ['/dev/zram0'] }],
  [swap, 'a file', { swaps: ['/var/swap'] }],
  [clock, 'not synchronised', { clockSynchronised: false }],
  [clock, 'a kubelet that does not wait', { kubeletWaitsForClock: false }],
  [watchdog, 'nobody feeds it', { watchdogSeconds: 0 }],
  [watchdog, 'longer than it can count', { watchdogSeconds: 90 }],
  [journal, 'in memory', { journalKept: false, journalBytes: 0 }],
  [journal, 'without limit', { journalBytes: 4 * 2 ** 30 }],
  [etcdDisk, 'slow', { diskSyncMilliseconds: 95 }],
  [etcdDisk, 'not measured', { diskSyncMilliseconds: null }],
] as const)('$id fails on a board that has %s', (control, _what, broken) => {
  expect(verdictOn(control, { board: well })).toBe('pass');
  expect(verdictOn(control, { board: { ...well, ...broken } })).toBe('fail');
});

test('a board without a watchdog device has none to feed', () => {
  expect(verdictOn(watchdog, { board: { ...well, watchdogSeconds: null } })).toBe('not-applicable');
});

test('nothing of boards applies where the device tree shows none', () => {
  for (const control of catalogue.filter(({ id }) => id.startsWith('board/'))) {
    expect([control.id, verdictOn(control, { board: { ...well, model: null } })]).toEqual([
      control.id,
      'not-applicable',
    ]);
  }
});
