import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where things lie inside the cache directory; docs/reference/cache.md describes it for users. */
export class Cache {
  readonly directory: string;

  /** @param directory @default `$BULWARK_CACHE`, else `$XDG_CACHE_HOME/bulwark`, else `~/.cache/bulwark` */
  constructor(directory?: string, environment: NodeJS.ProcessEnv = process.env) {
    this.directory =
      directory ||
      environment.BULWARK_CACHE ||
      join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bulwark');
  }

  /** Downloaded Go modules (GOMODCACHE). */
  get goModules(): string {
    return join(this.directory, 'go-mod');
  }

  /** Compiled Go packages (GOCACHE). */
  get goBuild(): string {
    return join(this.directory, 'go-build');
  }

  /** One artifact directory; `key` is the digest of everything declared that decides its content. */
  artifacts(release: string, arch: string, key: string): string {
    return join(this.directory, 'artifacts', `${release}-${arch}-${key}`);
  }

  /** One judge: a program that inspects rendered files and never reaches a node. */
  judge(name: string, version: string): string {
    return join(this.directory, 'judges', `${name}-${version}`);
  }
}

/** Twelve hexadecimal digits that change with any of the declarations. */
export function keyOf(declarations: readonly string[]): string {
  const hash = createHash('sha256');
  for (const declaration of declarations) hash.update(`${Buffer.byteLength(declaration)}:`).update(declaration);
  return hash.digest('hex').slice(0, 12);
}
