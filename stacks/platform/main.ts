import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { addPlatform } from '../../constructs/platform';
import { resolveSpec } from '../resolve-spec';

/**
 * The cdk8s app of `cdk8s.yaml`: the Kubernetes objects of the lab's cluster, or of the spec that is named as the
 * first argument.
 */
const file = process.argv[2] ?? join(__dirname, '../../examples/lab/cluster.yaml');

const { resolution } = resolveSpec(readFileSync(file, 'utf8'), file);

const app = new App();
addPlatform(app, resolution.cluster, resolution.settings.of('platform-feature'), resolution.controls);
app.synth();
