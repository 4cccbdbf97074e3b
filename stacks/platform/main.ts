import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { addPlatform } from '../../constructs/platform';
import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import { parseSpec } from '../../lib/spec/parse';

/**
 * The cdk8s app of `cdk8s.yaml`: the Kubernetes objects of the lab's cluster, or of the spec that is named as the
 * first argument.
 */
const file = process.argv[2] ?? join(__dirname, '../../examples/lab/cluster.yaml');

const { spec } = parseSpec(readFileSync(file, 'utf8'), {
  file,
  today: new Date().toISOString().slice(0, 10),
  controlIds: catalogue.map(({ id }) => id),
});
const resolution = resolve(spec, catalogue);

const app = new App();
addPlatform(app, resolution.cluster, resolution.settings.of('platform-feature'), resolution.controls);
app.synth();
