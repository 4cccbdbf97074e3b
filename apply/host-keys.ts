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
  /** What ssh-keyscan said where nothing came. */
  readonly said: string;
}

/** Asks an SSH server for its host keys, with ssh-keyscan. Proves nothing: whoever is in between can answer. */
export async function offeredKeys({ address, port }: SshServer): Promise<OfferedKeys> {
  const args = ['-T', String(patience), '-p', String(port), '-t', 'ed25519,ecdsa,rsa', '--', address];
  const { output } = await capture('ssh-keyscan', args);
  const { keys, rest } = sorted(output);
  return { ...keys, said: rest.filter((line) => !line.startsWith('#')).join('; ') };
}

/** The best key that the user's own `known_hosts` files have for a server, if any. */
export async function knownKey({ address, port }: SshServer, files = knownHostsFiles()): Promise<string | undefined> {
  const name = port === 22 ? address : `[${address}]:${port}`;
  const found = await Promise.all(
    files.filter(existsSync).map((file) => capture('ssh-keygen', ['-F', name, '-f', file])),
  );
  const lines = found.flatMap(({ output }) => output.split('\n'));
  // Lines with a marker are authorities and revoked keys.
  return sorted(lines.filter((line) => !line.startsWith('@')).join('\n')).keys.keys[0];
}

const knownHostsFiles = (): readonly string[] => [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'];

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
