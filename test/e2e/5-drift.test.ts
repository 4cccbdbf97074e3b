import { batches, batchesOfRun } from '../mutations/batches';
import { bulwark, jsonOf } from './support/bulwark';
import { hardenedTarget, labs, specOf, type UpResult, unproven, verify } from './support/cluster';
import type { LabTarget } from './support/lab-target';
import { expected, mutate, named } from './support/mutate';
import { timed } from './support/timing';

/** Which batches are made: `all`, or numbers: `2,5`. @default one by the day */
const asked = process.env.BULWARK_MUTATIONS;
const numbers = batchesOfRun(asked);
process.stderr.write(
  `    mutations: batch ${numbers.join(', ')} of ${batches.length} (BULWARK_MUTATIONS=all for all)\n`,
);

describe.each(numbers)('batch %d of controls broken by hand', (number) => {
  const batch = batches[number - 1] ?? [];
  let target: LabTarget;
  let broken: readonly string[];

  beforeAll(async () => {
    target = await hardenedTarget();
    broken = await expected(batch, target, labs.hardened);
    await timed(`breaking ${batch.map(({ what }) => what).join('; ')}`, () => mutate(batch, target));
  });
  afterAll(() => target?.close());

  const up = (...args: string[]) => bulwark(['up', specOf(labs.hardened), '--yes', '--json', ...args]);

  test('verify names exactly these controls and nodes', async () => {
    const evidence = await timed('bulwark verify', () => verify(labs.hardened));
    const failed = evidence.rows.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
    expect(named(failed)).toEqual(broken);
  });

  test('up shows them by control, and repairs them', async () => {
    const repaired = jsonOf<UpResult>(await timed('bulwark up, repairing', () => up()));
    expect(named(repaired.drift ?? [])).toEqual(broken);
    expect(unproven(repaired.evidence)).toEqual([]);
  });

  test('then verify passes, and up has nothing to do', async () => {
    expect(unproven(await timed('bulwark verify, afterwards', () => verify(labs.hardened)))).toEqual([]);
    const again = jsonOf<UpResult>(await timed('bulwark up, once more', () => up('--no-preview')));
    expect(again.nodes.flatMap(({ changes }) => changes)).toEqual([]);
  });
});
