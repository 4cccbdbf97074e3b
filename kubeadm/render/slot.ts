const pattern = /\$\{slot:([a-z0-9:-]+)\}/g;

/**
 * The place of a secret in a rendered file. It is filled on the node and nowhere else.
 *
 * @param name `encryption-key:<provider>`, `join-token` or `cluster-ca`
 */
export const slot = (name: string): string => `\${slot:${name}}`;

/** The names of the slots in a file's content, each once, sorted. */
export function slotsOf(content: string): readonly string[] {
  return [...new Set([...content.matchAll(pattern)].map(([, name]) => name ?? ''))].sort();
}
