import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../apply/package-root';
import { catalogue } from '../lib/controls/registry';
import { type Resolution, resolve } from '../lib/resolve';
import { parseSpec } from '../lib/spec/parse';

/** Text of the spec that the package shows as its example: three machines. */
export function exampleSpec(): string {
  return readFileSync(join(packageRoot(), 'examples', 'three-machines', 'cluster.yaml'), 'utf8');
}

/** The example, resolved: the cluster that controls are explained for where no spec is given. */
export function exampleCluster(): Resolution {
  const { spec } = parseSpec(exampleSpec(), { today: '1970-01-01', controlIds: catalogue.map(({ id }) => id) });
  return resolve(spec, catalogue);
}
