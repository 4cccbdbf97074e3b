import { stringify } from 'smol-toml';
import { comment } from './comment';
import type { Tree } from './fields';

/** A TOML document below a header that names the controls that shaped it. */
export function renderToml(document: Tree, origins: readonly string[]): string {
  return `${comment(origins)}${stringify(document).trimEnd()}\n`;
}
