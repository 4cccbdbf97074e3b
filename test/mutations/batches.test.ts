import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import { parseSpec } from '../../lib/spec/parse';
import { batches, batchesOfRun, mutations, overlap } from './batches';

describe('mutations', () => {
  const broken = mutations.flatMap(({ control, also = [] }) => [control, ...also.map((other) => other.control)]);

  test('break controls that are on in a lab, and that none of its waivers gives up', () => {
    const text = readFileSync(join(__dirname, '../../examples/lab/cluster.yaml'), 'utf8');
    const { spec } = parseSpec(text, { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) });
    const waived = spec.waivers.map(({ control }) => control);
    const held = resolve(spec, catalogue)
      .controls.map(({ id }) => id)
      .filter((id) => !waived.includes(id));
    expect(broken.filter((id) => !held.includes(id))).toEqual([]);
  });

  test('break 40 controls or more, each of them first of all', () => {
    expect(new Set(mutations.map(({ control }) => control)).size).toBeGreaterThanOrEqual(40);
  });

  test('are each made exactly once', () => {
    expect(batches.flat().sort(byTitle)).toEqual([...mutations].sort(byTitle));
    expect(new Set(mutations.map(title)).size).toBe(mutations.length);
  });

  test('of one batch do not overlap', () => {
    const pairs = batches.flatMap((batch) =>
      batch.flatMap((a, index) => batch.slice(index + 1).map((b) => [a, b] as const)),
    );
    expect(pairs.filter(([a, b]) => overlap(a, b)).map(([a, b]) => `${a.what}, ${b.what}`)).toEqual([]);
  });

  test('do something, on a machine or through the API', () => {
    expect(mutations.filter(({ script, kubectl }) => !script && !kubectl)).toEqual([]);
    expect(mutations.filter(({ on, script }) => on === 'cluster' && script)).toEqual([]);
  });

  test('rotate by the day, by a number, or are made all', () => {
    expect(batchesOfRun('all')).toEqual(batches.map((_, index) => index + 1));
    expect(batchesOfRun('2')).toEqual([2]);
    expect(batchesOfRun(String(batches.length + 2))).toEqual([2]);
    expect(batchesOfRun('4,1')).toEqual([4, 1]);
    const day = 86_400_000;
    const week = batches.map((_, index) => batchesOfRun(undefined, (20_000 + index) * day)[0]);
    expect([...week].sort((a = 0, b = 0) => a - b)).toEqual(batchesOfRun('all'));
    expect(() => batchesOfRun('some')).toThrow('`all` or numbers');
  });
});

const title = ({ on, what, control }: { on: string; what: string; control: string }) => `${on} ${what} ${control}`;
const byTitle = (a: Parameters<typeof title>[0], b: Parameters<typeof title>[0]) => (title(a) < title(b) ? -1 : 1);
