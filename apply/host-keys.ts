import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { capture } from './programs';

/** Where an SSH server listens. */
export interface SshServer {
  readonly address: string;
  readonly port: number;
}

/** Kinds of keys that are pinned, the best first. DSA and RSA below 3072 bits never are. */
const kinds = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];
const leastRsaBits = 3072;
/** Seconds until an SSH server that does not answer is given up. */
const patience = 10;

/** `SHA256:…` of a public key, as `ssh-keygen -lf` prints it. */
export function fingerprint(hostKey: string): string {
  const blob = Buffer.from(hostKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** What an SSH server offers: the keys that may be pinned, the best first, and the kinds of those that may not. */
export interface OfferedKeys {
  readonly keys: readonly string[];
  readonly weak: readonly string[];
  /** What ssh-keyscan said where nothing came, without the address. */
  readonly said: string;
}

/** Asks an SSH server for its host keys, with ssh-keyscan. Proves nothing: whoever is in between can answer. */
export async function offeredKeys({ address, port }: SshServer): Promise<OfferedKeys> {
  const args = ['-T', String(patience), '-p', String(port), '-t', 'ed25519,ecdsa,rsa', '--', address];
  const { output } = await capture('ssh-keyscan', args);
  const { keys, rest } = sorted(output);
  const said = rest.filter((line) => !line.startsWith('#')).map((line) => line.replace(/^(connect )?\S+: /, '').trim());
  return { ...keys, said: [...new Set(said)].join('; ') };
}

/**
 * The best key that files of host keys have for a server, if any; of several files the first that has one counts.
 *
 * @param files `~/` is the user's home @default the user's own, and the system's
 */
export async function knownKey({ address, port }: SshServer, files = knownHostsFiles()): Promise<string | undefined> {
  const name = port === 22 ? address : `[${address}]:${port}`;
  for (const file of files.map((one) => one.replace(/^~(?=\/)/, homedir())).filter(existsSync)) {
    const { output } = await capture('ssh-keygen', ['-F', name, '-f', file]);
    // Lines with a marker are authorities and revoked keys.
    const lines = output.split('\n').filter((line) => !line.startsWith('@'));
    const [best] = sorted(lines.join('\n')).keys.keys;
    if (best !== undefined) return best;
  }
  return undefined;
}

/** Where host keys are looked for. @param named files that come first */
export const knownHostsFiles = (named: readonly string[] = []): readonly string[] => [
  ...named,
  join(homedir(), '.ssh', 'known_hosts'),
  '/etc/ssh/ssh_known_hosts',
];

/** Sorts lines of the form of `known_hosts` into keys that may be pinned, weak ones, and what is no key. */
function sorted(text: string) {
  const found = new Map<string, string>();
  const weak: string[] = [];
  const rest: string[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const [, type = '', blob = ''] = line.split(' ');
    if (!/^(ssh|ecdsa|sk)-\S+$/.test(type) || blob === '') rest.push(line);
    else if (!kinds.includes(type) || (type === 'ssh-rsa' && rsaBits(blob) < leastRsaBits)) weak.push(type);
    else found.set(type, `${type} ${blob}`);
  }
  const keys = kinds.flatMap((kind) => found.get(kind) ?? []);
  return { keys: { keys, weak: [...new Set(weak)] }, rest };
}

/** Length of an RSA key's modulus: the third field of the blob (RFC 4253, section 6.6). */
function rsaBits(base64: string): number {
  const blob = Buffer.from(base64, 'base64');
  let offset = 0;
  for (let field = 0; field < 2 && offset + 4 <= blob.length; field++) offset += 4 + blob.readUInt32BE(offset);
  if (offset + 4 > blob.length) return 0;
  const modulus = blob.subarray(offset + 4, offset + 4 + blob.readUInt32BE(offset));
  return BigInt(`0x0${modulus.toString('hex')}`).toString(2).length;
}
