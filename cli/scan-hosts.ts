import { fingerprint, knownHostsFiles, knownKey, offeredKeys, type SshServer } from '../apply/host-keys';
import type { UnpinnedNode } from '../apply/inventory-nodes';
import { type JumpHost, throughJump } from '../apply/jump-tunnel';
import { HardeningError, type Issue } from '../lib/errors';
import type { ClusterSpecInput } from '../lib/spec/cluster-spec';

type NodeInput = ClusterSpecInput['nodes'][number];

/** A machine whose host key is to be read. */
export interface ScanTarget extends UnpinnedNode {
  /** The host key that the spec pins already. */
  readonly pinned?: string;
  /** Where its SSH server listens. @default that of `ssh`, else 22 */
  readonly port?: number;
}

/** A host key that was read, and what speaks for it. */
export interface ScannedKey {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly hostKey: string;
  readonly fingerprint: string;
  /** `pinned` in the spec already, `expected` by --fingerprint, or `new`: then a person must compare it. */
  readonly status: 'pinned' | 'expected' | 'new';
  /** Whether a `known_hosts` of the inventory or of the user has this key. */
  readonly known: boolean;
}

/**
 * Reads the host keys of machines over the network and holds them against what is known of them. Pins nothing.
 *
 * @param jump reached already, with a host key that is confirmed
 * @param expected fingerprints as `ssh-keygen -lf` prints them
 * @throws HardeningError with what is wrong with every machine: kind `verify` where a key is another than the one that
 *   is pinned or known, kind `unreachable` where none came
 */
export async function scanKeys(
  targets: readonly ScanTarget[],
  jump: JumpHost | undefined,
  expected: readonly string[],
): Promise<readonly ScannedKey[]> {
  const servers = targets.map(({ address, port, ssh }): SshServer => ({ address, port: port ?? ssh?.port ?? 22 }));
  const ask = (reached: readonly SshServer[]) => Promise.all(reached.map(offeredKeys));
  const offers = jump ? await throughJump(jump, servers, ask) : await ask(servers);
  const keys: ScannedKey[] = [];
  const changed: Issue[] = [];
  const missing: Issue[] = [];
  for (const [index, { name, pinned, knownHosts }] of targets.entries()) {
    const server = servers[index] ?? { address: '', port: 22 };
    const { keys: offered = [], weak = [], said = '' } = offers[index] ?? {};
    if (offered.length === 0) {
      missing.push(weak.length > 0 ? weakKeys(name, weak) : silent(name, server, said, jump));
      continue;
    }
    const known = await knownKey(server, knownHostsFiles(knownHosts));
    const before = pinned ?? known;
    if (before !== undefined && !offered.includes(bare(before))) {
      changed.push(changedKey(name, server, before, offered, pinned === undefined ? (knownHosts ?? []) : undefined));
      continue;
    }
    const awaited = offered.find((key) => expected.includes(fingerprint(key)));
    const hostKey = pinned === undefined ? (awaited ?? known ?? offered[0] ?? '') : bare(pinned);
    const status = pinned !== undefined ? 'pinned' : awaited ? 'expected' : 'new';
    keys.push({ name, ...server, hostKey, fingerprint: fingerprint(hostKey), status, known: hostKey === known });
  }
  if (changed.length > 0) throw new HardeningError('verify', [...changed, ...missing]);
  if (missing.length > 0) throw new HardeningError('unreachable', missing);
  return keys;
}

/** A node as it is written into the spec. */
export function pinnedNode(
  { name, role, address, ssh }: ScanTarget,
  { hostKey }: ScannedKey,
  jump?: JumpHost,
): NodeInput {
  const access = { ...ssh, ...(jump && { jump: jumpEntry(jump) }) };
  return { name, role, address, hostKey, ...(Object.keys(access).length > 0 && { ssh: access }) };
}

/** A jump host as it is written into the spec. */
export const jumpEntry = ({ address, user, port, hostKey }: JumpHost) => ({ address, user, port, hostKey });

/** Type and key, without a comment behind them. */
const bare = (key: string): string => key.split(' ').slice(0, 2).join(' ');

const silent = (path: string, { address, port }: SshServer, said: string, jump?: JumpHost): Issue => ({
  code: 'SCAN_UNREACHABLE',
  path,
  message: 'no SSH server answers',
  got: `${address} port ${port}${jump ? ` through ${jump.address}` : ''}: ${said || 'no answer'}`,
  fix: jump
    ? 'check address and port, the packet filter, and where the jump host forwards to'
    : 'check address, port and packet filter; behind a jump host give --jump',
});

const weakKeys = (path: string, weak: readonly string[]): Issue => ({
  code: 'SCAN_WEAK_KEY',
  path,
  message: 'this machine offers only host keys that are too weak to be pinned',
  got: weak.join(', '),
  allowed: 'ssh-ed25519, ecdsa-sha2-nistp…, or ssh-rsa with 3072 bits or more',
  fix: 'make one on it: ssh-keygen -A, and a HostKey line for it in sshd_config',
});

/** @param knownHosts files that the inventory names; undefined where the key before is that of the spec */
function changedKey(
  path: string,
  { address, port }: SshServer,
  before: string,
  offered: readonly string[],
  knownHosts: readonly string[] | undefined,
): Issue {
  const where = port === 22 ? address : `[${address}]:${port}`;
  const file = knownHosts?.[0] === undefined ? '' : ` -f '${knownHosts[0]}'`;
  return {
    code: 'HOST_KEY_CHANGED',
    path,
    message: `THE HOST KEY OF THIS MACHINE HAS CHANGED: it is not the one ${knownHosts ? 'in your known_hosts' : 'that the spec pins'}. Either somebody is between you and the machine, or it was installed anew`,
    got: offered.map(fingerprint).join(', '),
    allowed: fingerprint(before),
    fix: `compare at the machine's console. Only where it was installed anew: ${knownHosts ? `ssh-keygen -R '${where}'${file}` : 'take its hostKey out of the spec'} and scan again`,
  };
}
