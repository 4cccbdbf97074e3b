import { type Command, Option } from 'commander';
import type { Architecture, ArtifactGroup, ArtifactRequest } from '../../apply/artifacts';
import { type CommonOptions, consoleOf, withJson, withYes } from './common';

const groups: readonly ArtifactGroup[] = ['cilium', 'kube-proxy', 'metrics-server', 'test'];

const architectures: readonly Architecture[] = ['amd64', 'arm64'];

interface ArtifactOptions extends CommonOptions {
  readonly arch: Architecture;
  readonly group: readonly ArtifactGroup[];
  readonly offline?: string;
  readonly judges?: boolean;
  readonly yes?: boolean;
}

/** `bulwark artifacts`: the node software, built or verified ahead of a cluster. */
export function addArtifacts(program: Command): void {
  const command = program.command('artifacts').description('Build or list the node software');
  const withSource = (verb: Command) =>
    withJson(verb)
      .option('--group <name...>', `optional parts, of ${groups.join(', ')}`, [...groups])
      .addOption(new Option('--arch <arch>', 'architecture of the nodes').choices(architectures).default('amd64'))
      .option('--offline <directory>', 'take them from this directory instead of building them');
  withYes(
    withSource(command.command('build').description('Build what the cache lacks, or verify an offline directory')),
  )
    .option('--judges', 'build the programs that inspect rendered files as well')
    .action(build);
  withSource(command.command('list').description('List the artifacts and what is missing')).action(list);
}

async function request(options: ArtifactOptions): Promise<ArtifactRequest> {
  const { releases } = await import('../../lib/release');
  const source = options.offline === undefined ? undefined : ({ kind: 'offline', directory: options.offline } as const);
  return { release: releases['1.36'], arch: options.arch, source: source ?? { kind: 'source' }, groups: options.group };
}

async function build(options: ArtifactOptions): Promise<void> {
  const out = consoleOf(options);
  const { obtainArtifacts } = await import('../obtain-artifacts');
  const { directory, index } = await obtainArtifacts(await request(options), options.yes === true, out);
  if (options.judges) {
    const { ensureJudges, judges } = await import('../../apply/artifacts/judges');
    const { Progress } = await import('../progress');
    const names = Object.keys(judges) as (keyof typeof judges)[];
    await new Progress().step('Judges', (report) =>
      ensureJudges(names, ({ step, detail }) => report(`${step}: ${detail}`)),
    );
  }
  out.result(`${index.artifacts.length} artifacts in ${directory}`);
  out.object({ directory, index });
}

async function list(options: ArtifactOptions): Promise<void> {
  const out = consoleOf(options);
  const { planArtifacts } = await import('../../apply/artifacts');
  const { readIndex } = await import('../../apply/artifacts/artifact-index');
  const plan = await planArtifacts(await request(options));
  const index = await readIndex(plan.directory);
  out.object({ ...plan, artifacts: index?.artifacts ?? [] });
  for (const { kind, name, version, sha256, origin } of index?.artifacts ?? []) {
    out.result(`${kind.padEnd(6)}  ${name.padEnd(24)}  ${version.padEnd(9)}  ${sha256}  ${origin}`);
  }
  for (const { step, expectedSeconds } of plan.steps) out.result(`missing  ${step} (about ${expectedSeconds} s)`);
}
