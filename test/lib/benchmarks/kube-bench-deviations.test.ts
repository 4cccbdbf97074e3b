import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarks, coverage } from '../../../lib/benchmarks';
import { kubeBenchDeviations, kubeBenchOfUsers } from '../../../lib/benchmarks/kube-bench-deviations';
import { catalogue } from '../../../lib/controls/registry';
import { resolve } from '../../../lib/resolve';
import { clusterSpecSchema } from '../../../lib/spec/cluster-spec';
import { specInput } from '../../support/spec';

const { cluster, controls } = resolve(
  clusterSpecSchema.parse(specInput({ namespaces: [{ name: 'shop' }] })),
  catalogue,
);
const page = readFileSync(join(__dirname, '../../../docs/reference/kube-bench.md'), 'utf8');

test.each(kubeBenchDeviations)('$id is answered by $control, which is on by default and is checked', ({ control }) => {
  const found = controls.find(({ id }) => id === control);
  expect(found?.checks(cluster).length).toBeGreaterThan(0);
});

test('each line is recorded once', () => {
  const ids = kubeBenchDeviations.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

test('the page shows these lines and no others', () => {
  const rows = [...page.matchAll(/^\| (\d[\d.]+) \| (FAIL|WARN) \| `([^`]+)` \| (.+) \|$/gm)];
  expect(rows.map(([, id, result, control, text]) => ({ id, result, control, text }))).toEqual(kubeBenchDeviations);
});

describe('the WARN lines that no single control answers', () => {
  const cis = benchmarks.find(({ list }) => list === 'cis');

  test.each(kubeBenchOfUsers)('%s is in the list of the benchmark, with its controls or what is open', (id) => {
    const row = cis && coverage(cis, catalogue).find(({ demand }) => demand.id === id);
    expect(row?.standing).toMatchObject(
      row?.standing.state === 'covered' ? { controls: expect.any(Array) } : { text: expect.stringMatching(/.{10}/) },
    );
  });

  test('are those that the page names, and with the answered ones all that the tool printed', () => {
    const [, named = ''] = /The other WARN lines \(([^)]*)\)/.exec(page) ?? [];
    const ids = named.split(', ').flatMap((part) => {
      const [first = '', last = first] = part.split(' to ');
      const [section, from] = [first.replace(/\.\d+$/, ''), Number(first.split('.')[2])];
      return Array.from({ length: Number(last.split('.')[2]) - from + 1 }, (_, index) => `${section}.${from + index}`);
    });
    expect(ids).toEqual(kubeBenchOfUsers);
    // Of the control plane and of a node, as the page's table counts them.
    const printed = [...page.matchAll(/^\| control plane .*\| (\d+)(?: \([\d., ]+\))? \|$/gm)].map(([, count]) =>
      Number(count),
    );
    const answered = kubeBenchDeviations.filter(({ result }) => result === 'WARN').length;
    expect(answered + ids.length).toBe(printed.reduce((sum, count) => sum + count, 0));
  });
});
