import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeBenchDeviations } from '../../../lib/benchmarks/kube-bench-deviations';
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
