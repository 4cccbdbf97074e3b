import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { specOf } from '../test/e2e/support/cluster';
import { findProgram } from '../test/support/judges';
import { installPackage, packPackage } from '../test/support/packed-package';
import { PulumiProject } from '../test/support/pulumi-engine';
import { lab } from './measure';

/** Seconds of `pulumi up` where nothing changed, by turns: of a program without resources, and of one with a cluster. */
export interface UpdateTimes {
  readonly empty: readonly number[];
  readonly cluster: readonly number[];
}

const emptyProgram = 'export const nothing = 0;';
const clusterProgram = (spec: string) => `
import { HardenedCluster } from 'bulwark/stacks';
export const { endpoint } = new HardenedCluster('bench', { spec: ${JSON.stringify(spec)} });
`;

/** Whether the engine is on PATH. */
export const hasEngine = () =>
  ['pulumi', 'pulumi-language-nodejs'].every((program) => findProgram(program) !== undefined);

/** Takes the running cluster of the bench into a stack, and updates it over and over. */
export async function updateTimes(rounds: number): Promise<UpdateTimes> {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-updates-'));
  try {
    const tarball = packPackage(folder);
    const made = async (name: string, program: string) => {
      const app = join(folder, name);
      const complaint = installPackage(app, tarball, ['cdk8s', 'cdk8s-plus-27', 'constructs', '@pulumi/pulumi']);
      if (complaint !== '') throw new Error(complaint ?? 'the cache of npm lacks a dependency');
      const project = new PulumiProject(app, program);
      await seconds(project, ['stack', 'init', 'dev']);
      await seconds(project, update);
      return project;
    };
    const empty = await made('empty', emptyProgram);
    const cluster = await made('cluster', clusterProgram(specOf(lab)));
    const times = { empty: [] as number[], cluster: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.empty.push(await seconds(empty, update));
      times.cluster.push(await seconds(cluster, [...update, '--expect-no-changes']));
    }
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const update = ['up', '--yes', '--skip-preview'];

async function seconds(project: PulumiProject, args: readonly string[]): Promise<number> {
  const start = Date.now();
  const { code, stdout, stderr } = await project.run(args);
  if (code !== 0) throw new Error(`pulumi ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
  return (Date.now() - start) / 1000;
}
