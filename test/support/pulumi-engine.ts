import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Outcome } from '../attacks/attack';
import { type RunOptions, run } from '../e2e/support/shell';
import { findProgram } from './judges';

/** What a Pulumi project in TypeScript whose objects go to a cluster needs. */
const programs = ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'] as const;
type Program = (typeof programs)[number];

/**
 * A group of tests on the real engine. Each program that is missing is a skipped test of its own: `npm test` lists it as
 * NOT RUN.
 *
 * @param needed the programs that the group cannot do without
 */
export function describeOnEngine(title: string, needed: readonly Program[], body: () => void): void {
  const missing = needed.filter((program) => findProgram(program) === undefined);
  for (const program of missing) test.skip(`${title}: ${program} is not on PATH`, () => undefined);
  if (missing.length === 0) describe(title, body);
}

/** A project with a backend of its own, in a folder where the package is installed. */
export class PulumiProject {
  constructor(
    readonly directory: string,
    program: string,
  ) {
    mkdirSync(join(directory, 'backend'), { recursive: true });
    writeFileSync(join(directory, 'Pulumi.yaml'), projectFile);
    this.write(program);
  }

  /** The program, anew. */
  write(program: string): void {
    writeFileSync(join(this.directory, 'index.ts'), program);
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const directories = programs.flatMap((program) => findProgram(program) ?? []).map(dirname);
    return run(['pulumi', ...args, '--non-interactive'], {
      timeout: 1800,
      directory: this.directory,
      ...options,
      environment: {
        PATH: [...new Set(directories), process.env.PATH].join(delimiter),
        PULUMI_BACKEND_URL: `file://${join(this.directory, 'backend')}`,
        PULUMI_CONFIG_PASSPHRASE: 'of the test',
        PULUMI_SKIP_UPDATE_CHECK: '1',
        PULUMI_HOME: join(this.directory, 'home'),
      },
    });
  }

  /** What the backend keeps: state, backups, history, locks. */
  kept(): readonly { readonly file: string; readonly text: string }[] {
    const root = join(this.directory, 'backend');
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  }
}

const projectFile = `name: trial
runtime: nodejs
plugins:
  providers:
    - {name: bulwark, path: node_modules/bulwark/stacks/plugin}
`;
