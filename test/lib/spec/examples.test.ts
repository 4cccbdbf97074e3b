import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../../lib/controls/registry';
import { resolve } from '../../../lib/resolve';
import { clusterJsonSchema } from '../../../lib/spec/json-schema';
import { parseSpec } from '../../../lib/spec/parse';

const root = join(__dirname, '../../..');
const examples = execFileSync('find', ['examples', '-name', 'cluster.yaml'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');

test('there are examples', () => {
  expect(examples.sort()).toEqual(['examples/lab/cluster.yaml', 'examples/three-machines/cluster.yaml']);
});

test.each(examples)('%s parses without a warning and resolves', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const { spec, warnings } = parseSpec(text, { file, today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) });
  expect(warnings).toEqual([]);
  expect(resolve(spec, catalogue).controls.length).toBeGreaterThan(50);
});

test('the example for users shows every field of the spec but the rarest', () => {
  const text = readFileSync(join(root, 'examples/three-machines/cluster.yaml'), 'utf8');
  const fields = Object.keys((clusterJsonSchema() as { properties: object }).properties);
  const absent = fields.filter((field) => !new RegExp(`^#? ?${field}:`, 'm').test(text));
  expect(absent).toEqual(['registry', 'extraArguments']);
});
