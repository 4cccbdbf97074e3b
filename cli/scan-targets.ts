import type { SshServer } from '../apply/host-keys';
import { addressOf, inventoryNodes } from '../apply/inventory-nodes';
import type { JumpHost } from '../apply/jump-tunnel';
import { HardeningError, type Issue } from '../lib/errors';
import type { JumpAddress } from '../lib/foreign/cluster-facts';
import { accessOf } from '../lib/foreign/inventory-access';
import { addressOf as withoutPrefix } from '../lib/gateway';
import type { DraftSpec } from '../lib/spec/draft';
import { dnsLabel, sshHostKey } from '../lib/spec/primitives';
import type { ScanTarget } from './scan-hosts';

/** Where the hosts come from whose keys are read. */
export interface TargetOptions {
  readonly file: string;
  readonly inventory?: string;
  /** Names of new nodes that are control planes; the others of the command line are workers. */
  readonly controlPlane: readonly string[];
  readonly jump?: string;
}

/** A jump host, whose key may not be known yet. */
export type Jump = Omit<JumpHost, 'hostKey'> & { readonly hostKey?: string; readonly knownHosts?: readonly string[] };
/** A server, and the way to it. */
export interface Target extends ScanTarget {
  readonly via?: Jump;
  /** Where the spec names the jump host, or shall. @default nowhere: it serves this scan only */
  readonly viaOf?: 'node' | 'cluster' | 'gateway';
  readonly inSpec: boolean;
}

type Access = NonNullable<DraftSpec['ssh']>;

/**
 * Decides whose host keys are read.
 *
 * @param hosts `[NAME=]ADDRESS[:PORT]` @default those of the inventory, else the nodes of the spec
 * @throws HardeningError of kind `usage`
 */
export async function targetsOf(
  hosts: readonly string[],
  draft: DraftSpec,
  options: TargetOptions,
): Promise<readonly Target[]> {
  const shared = sharedWay(draft);
  const known = (draft.nodes ?? []).map((node): Target => {
    const { jump: _, ...ssh } = { ...draft.ssh, ...node.ssh };
    const { name, role = 'worker', address, hostKey } = node;
    const pinned = pinnable(hostKey);
    const way: Way = node.ssh?.jump ? { via: jumpOf(node.ssh.jump, ssh), viaOf: 'node' } : shared;
    return { name, role, address, ssh, inSpec: true, ...(pinned && { pinned }), ...way };
  });
  const given = options.inventory === undefined ? [] : await inventoryNodes(options.inventory);
  const added = [
    ...given.map(({ jump, ...node }): Target => {
      const { knownHosts } = node;
      const own = jump && { ...jumpOf(jump, node.ssh), ...(knownHosts && { knownHosts }) };
      return { ...node, inSpec: false, ...(own && !isSame(own, shared.via) ? { via: own, viaOf: 'node' } : shared) };
    }),
    ...(await Promise.all(hosts.map((host) => newTarget(host, options, draft)))).map((one) => ({ ...one, ...shared })),
  ].map((one) => ({ ...one, port: one.ssh?.port ?? draft.ssh?.port }));
  const chosen = added.length === 0 ? known : added.map((one) => sameNode(known, one) ?? one);
  const issues = chosen.filter(({ name }) => !dnsLabel.safeParse(name).success).map(({ address }) => unnamed(address));
  if (chosen.length === 0) issues.push(nobody(options.file));
  if (issues.length > 0) throw new HardeningError('usage', issues);
  const { jump } = options;
  return jump === undefined ? chosen : chosen.map((one) => ({ ...one, ...forcedWay(jump, one, draft) }));
}

type Way = Pick<Target, 'via' | 'viaOf'>;

/** The way to every node that has none of its own. */
function sharedWay({ ssh, gateway }: DraftSpec): Way {
  if (ssh?.jump) return { via: jumpOf(ssh.jump, ssh), viaOf: 'cluster' };
  const address = gateway?.outside?.address;
  if (address === undefined) return {};
  return {
    via: jumpOf({ ...gateway?.ssh, address: withoutPrefix(address), hostKey: gateway?.hostKey }, ssh),
    viaOf: 'gateway',
  };
}

/** The way that the command line names; the spec is given it where it knows none. */
function forcedWay(text: string, { via, viaOf, inSpec, ssh }: Target, draft: DraftSpec): Way {
  const given = jumpArgument(text);
  if (isSame(given, via)) return { via: { ...via, ...given }, viaOf };
  return {
    via: jumpOf(given, { ...draft.ssh, ...ssh }),
    viaOf: via === undefined || !inSpec ? 'node' : undefined,
  };
}

const isSame = <T extends SshServer>(one: SshServer, other: T | undefined): other is T =>
  one.address === other?.address && one.port === other.port;

/** The node of the spec that is meant: its role and its pinned key count. */
const sameNode = (known: readonly Target[], { name, address }: Target): Target | undefined =>
  known.find((node) => node.name === name || node.address === address);

async function newTarget(host: string, { controlPlane }: TargetOptions, draft: DraftSpec): Promise<Target> {
  const match = /^(?:([^=]+)=)?(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+)|([0-9a-fA-F:]+))(?::(\d+))?$/.exec(host);
  const [, given, bracketed, plain, six, port] = match ?? [];
  const server = bracketed ?? plain ?? six ?? '';
  const address = server.startsWith('-') ? undefined : await addressOf(server);
  if (address === undefined) {
    throw new HardeningError('usage', [
      {
        code: 'SCAN_HOST',
        path: 'HOST',
        message: 'this is no address, and no name that can be resolved here',
        got: host,
        allowed: '[NAME=]ADDRESS[:PORT]',
        fix: 'for example: bulwark inventory scan worker-3=192.0.2.23',
      },
    ]);
  }
  const name =
    given ?? (draft.nodes ?? []).find((node) => node.address === address)?.name ?? (address === server ? '' : server);
  const [label = ''] = name.toLowerCase().split('.');
  return {
    name: label,
    role: controlPlane.includes(label) ? 'control-plane' : 'worker',
    address,
    inSpec: false,
    ...(port !== undefined && { ssh: { port: Number(port) } }),
  };
}

const pinnable = (hostKey: string | null | undefined): string | undefined => sshHostKey.safeParse(hostKey).data;

function jumpOf(jump: NonNullable<Access['jump']>, ssh?: Access | null): Jump {
  const { identityFile } = ssh ?? {};
  const { address, user = 'root', port = 22 } = jump;
  const hostKey = pinnable(jump.hostKey);
  return { address, user, port, ...(identityFile && { identityFile }), ...(hostKey && { hostKey }) };
}

function jumpArgument(text: string): JumpAddress {
  const { jump } = accessOf({ ansible_ssh_common_args: `-J ${text}` });
  if (jump) return jump;
  throw new HardeningError('usage', [
    { code: 'SCAN_JUMP', path: '--jump', message: 'this names no jump host', got: text, allowed: '[USER@]HOST[:PORT]' },
  ]);
}

const unnamed = (got: string): Issue => ({
  code: 'SCAN_NAME',
  path: 'HOST',
  message: 'a node needs the name of its machine',
  got,
  fix: `write NAME=${got}`,
});

const nobody = (file: string): Issue => ({
  code: 'SCAN_NOBODY',
  file,
  message: 'there is no machine to scan',
  fix: 'name hosts, give --inventory, or write nodes with their addresses into the spec',
});
