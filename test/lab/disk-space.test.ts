import { diskWarning, readDiskSpace } from '../../lab/disk-space';
import { describeWith } from '../support/judges';

const gib = 2 ** 30;

test('a disk with less than 15 % free is warned of, with the figure', () => {
  expect(diskWarning({ total: 100 * gib, available: 15 * gib })).toBeUndefined();
  expect(diskWarning({ total: 100 * gib, available: 14.9 * gib })).toMatch(/14\.9 % \(14\.9 GiB\).*deletes images/);
});

describeWith('the disk of the machines', ['podman'], () => {
  test('is read from the running system', async () => {
    const { total, available } = await readDiskSpace();
    expect(total).toBeGreaterThan(gib);
    expect(available).toBeGreaterThan(0);
    expect(available).toBeLessThanOrEqual(total);
  });
});
