import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { synthPlatform } from '../../constructs/platform';
import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import { parseSpec } from '../../lib/spec/parse';

const root = join(__dirname, '../..');

const objectsOf = (yaml: string): unknown[] => parseAllDocuments(yaml).map((document) => document.toJSON());

test('`cdk8s synth` renders the objects that the bundle of the lab holds', () => {
  const output = mkdtempSync(join(tmpdir(), 'bulwark-synth-'));
  try {
    execFileSync(join(root, 'node_modules/.bin/cdk8s'), ['synth', '--output', output], {
      cwd: root,
      env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
      stdio: 'pipe',
    });
    const synthesized = Object.fromEntries(
      readdirSync(output).map((file) => [file, objectsOf(readFileSync(join(output, file), 'utf8'))]),
    );
    const today = new Date().toISOString().slice(0, 10);
    const controlIds = catalogue.map(({ id }) => id);
    const { spec } = parseSpec(readFileSync(join(root, 'examples/lab/cluster.yaml'), 'utf8'), { today, controlIds });
    const { cluster, settings } = resolve(spec, catalogue);
    const bundled = Object.entries(synthPlatform(cluster, settings.of('platform-feature')));
    expect(synthesized).toEqual(Object.fromEntries(bundled.map(([file, yaml]) => [file, objectsOf(yaml)])));
    expect(bundled.length).toBeGreaterThan(3);
  } finally {
    rmSync(output, { recursive: true });
  }
}, 60_000);
