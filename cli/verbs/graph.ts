import { type Command, Option } from 'commander';
import { HardeningError } from '../../lib/errors';
import { type CommonOptions, consoleOf, withJson } from './common';

interface GraphOptions extends CommonOptions {
  readonly format: 'svg' | 'mermaid' | 'json';
  readonly out?: string;
  readonly defaultDeny?: boolean;
}

/** `bulwark graph`: draws which connections the policies in somebody's manifests allow. */
export function addGraph(program: Command): void {
  const command = program
    .command('graph')
    .description('Draw who may talk to whom, on which port, by the network policies in manifests')
    .argument('<files...>', 'YAML files, folders of them, as cdk8s synthesizes them, or - for standard input')
    .addOption(new Option('--format <format>', 'kind of picture').choices(['svg', 'mermaid', 'json']).default('svg'))
    .option('--out <file>', 'write it there instead of to standard output')
    .option('--default-deny', 'pods that no policy selects may do nothing, as on a cluster that bulwark made');
  withJson(command).action(graph);
}

async function graph(files: readonly string[], options: GraphOptions): Promise<void> {
  const out = consoleOf(options);
  const { readManifests } = await import('../read-manifests');
  const { readNetwork } = await import('../../lib/network-policy');
  const { networkGraph, toMermaid, toSvg } = await import('../../lib/network-graph');
  const manifests = readManifests(files).map(({ object }) => object);
  const drawn = networkGraph(readNetwork(manifests, { defaultDeny: options.defaultDeny }));
  if (drawn.nodes.length === 0) {
    throw new HardeningError('usage', [
      {
        code: 'GRAPH_NOTHING',
        message: `no workload in ${files.join(', ')}`,
        fix: 'give the manifests of workloads and policies',
      },
    ]);
  }
  const texts = { svg: toSvg, mermaid: toMermaid, json: (of: object) => `${JSON.stringify(of, null, 2)}\n` };
  out.object(drawn);
  if (options.out === undefined) {
    out.result(texts[options.format](drawn).trimEnd());
  } else {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(options.out, texts[options.format](drawn));
    out.result(`${options.out}: ${drawn.nodes.length} nodes, ${drawn.edges.length} edges`);
  }
}
