import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Cache } from './cache';
import type { GoModule } from './recipe';
import { run } from './run';

/** The folder of a Go module of ours, whether this file runs as source or compiled below `build/`. */
export function goModuleDirectory(module: GoModule): string {
  let root = __dirname;
  while (!existsSync(join(root, 'package.json'))) {
    const parent = dirname(root);
    if (parent === root) throw new Error(`no package.json above ${__dirname}`);
    root = parent;
  }
  return join(root, 'apply', 'artifacts', 'go', module);
}

/** go.mod and go.sum of a module: together they pin the content of everything built from it. */
export async function readPins(module: GoModule): Promise<string[]> {
  const directory = goModuleDirectory(module);
  return Promise.all(['go.mod', 'go.sum'].map((file) => readFile(join(directory, file), 'utf8')));
}

/**
 * The environment of every Go command. The user's proxy and certificate settings pass through; what decides the
 * result does not. go.sum is never changed, so a module whose content differs from its pin is refused.
 */
export function goEnvironment(cache: Cache, arch: string, cgo = false): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GOCACHE: cache.goBuild,
    GOMODCACHE: cache.goModules,
    GOFLAGS: '-buildvcs=false',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    GO111MODULE: 'on',
    GOEXPERIMENT: '',
    GOOS: 'linux',
    GOARCH: arch,
    GOAMD64: '',
    CGO_ENABLED: cgo ? '1' : '0',
  };
}

/** Downloads a module, checked against go.sum, and returns the folder that holds its source. */
export async function moduleSource(cache: Cache, module: GoModule, modulePath: string, arch: string): Promise<string> {
  const options = { cwd: goModuleDirectory(module), env: goEnvironment(cache, arch) };
  await run('go', ['mod', 'download', modulePath], options);
  return (await run('go', ['list', '-m', '-f', '{{.Dir}}', modulePath], options)).trim();
}
