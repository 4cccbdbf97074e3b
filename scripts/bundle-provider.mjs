/**
 * Makes one file of what the Pulumi provider needs to answer that nothing changed: the engine waits for its start in each
 * update, and 200 small files take twice as long to load. What renders a cluster or talks to nodes stays beside it.
 *
 * The path given is that of the compiled package, `build` or a copy of it.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const [build = 'build'] = process.argv.slice(2);
const main = join(build, 'stacks/provider/main.js');
buildSync({
  entryPoints: [main],
  outfile: main,
  allowOverwrite: true,
  bundle: true,
  minify: true,
  legalComments: 'eof',
  platform: 'node',
  target: 'node20',
  // A copy of the compiled package has no packages beside it.
  nodePaths: [fileURLToPath(new URL('../node_modules', import.meta.url))],
  external: ['./cluster-plan', './cluster-run', './lab-run'],
});
