import { attempt } from './podman';

/**
 * Commands that take Podman's rules and chains out of a table, from what `iptables -t TABLE -S` printed: rules first,
 * since a chain that a rule names cannot go.
 */
export function removalCommands(listing: string): string[][] {
  const lines = listing.split('\n').filter((line) => line.includes('NETAVARK'));
  const words = (line: string) =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const rules = lines.filter((line) => line.startsWith('-A ')).map((line) => ['-D', ...words(line).slice(1)]);
  const chains = lines.filter((line) => line.startsWith('-N ')).map((line) => ['-X', ...words(line).slice(1)]);
  return [...rules, ...chains];
}

/** Removes what Podman's network stack leaves in the packet filter after its last container. */
export async function removeNetavarkRules(): Promise<void> {
  for (const program of ['iptables', 'ip6tables']) {
    for (const table of ['filter', 'nat']) {
      const { stdout } = await attempt(program, ['-t', table, '-S']);
      for (const command of removalCommands(stdout)) await attempt(program, ['-t', table, ...command]);
    }
  }
}
