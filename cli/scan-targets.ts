import { addressOf, inventoryNodes } from '../apply/inventory-nodes';
import type { JumpHost } from '../apply/jump-tunnel';
import { HardeningError, type Issue } from '../lib/errors';
import { accessOf } from '../lib/foreign/inventory-access';
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
export type Jump = Omit<JumpHost, 'hostKey'> & { readonly hostKey?: string };
/** A server, and the way to it. */
export interface Target extends ScanTarget {
  readonly via?: Jump;
  readonly inSpec: boolean;
}

/** What a spec says of SSH, as far as it can be read: it need not be complete yet. */
interface Access {
  readonly user?: string;
  readonly port?: number;
  readonly identityFile?: string;
  readonly jump?: {
    readonly address: string;
    readonly user?: string;
    readonly port?: number;
    readonly hostKey?: string;
  };
}
export interface Draft {
  readonly ssh?: Access;
  readonly nodes?: readonly (Partial<ScanTarget> & { readonly hostKey?: string; readonly ssh?: Access })[];
}

/**
 * Decides whose host keys are read.
 *
 * @param hosts `[NAME=]ADDRESS[:PORT]` @default those of the inventory, else the nodes of the spec
 * @throws HardeningError of kind `usage`
 */
export async function targetsOf(
  hosts: readonly string[],
  draft: Draft,
  options: TargetOptions,
): Promise<readonly Target[]> {
  const known = (draft.nodes ?? []).map((node): Target => {
    const { jump, ...ssh } = { ...draft.ssh, ...node.ssh };
    const { name = '', role = 'worker', address = '', hostKey } = node;
    const pinned = sshHostKey.safeParse(hostKey).success ? hostKey : undefined;
    return {
      name,
      role,
      address,
      ssh,
      inSpec: true,
      ...(pinned && { pinned }),
      ...(jump && { via: jumpOf(jump, ssh) }),
    };
  });
  const given = options.inventory === undefined ? [] : await inventoryNodes(options.inventory);
  const added = [
    ...given.map(({ jump, ...node }): Target => {
      return { ...node, inSpec: false, ...(jump && { via: jumpOf(jump, node.ssh) }) };
    }),
    ...(await Promise.all(hosts.map((host) => newTarget(host, options, draft)))),
  ];
  const chosen = added.length === 0 ? known : added.map((one) => sameNode(known, one) ?? one);
  const issues = chosen.filter(({ name }) => !dnsLabel.safeParse(name).success).map(({ address }) => unnamed(address));
  if (chosen.length === 0) issues.push(nobody(options.file));
  if (issues.length > 0) throw new HardeningError('usage', issues);
  const forced = options.jump === undefined ? undefined : jumpArgument(options.jump, draft.ssh);
  return forced ? chosen.map((one) => ({ ...one, via: forced })) : chosen;
}

/** The node of the spec that is meant: its role and its pinned key count. */
const sameNode = (known: readonly Target[], { name, address }: Target): Target | undefined =>
  known.find((node) => node.name === name || node.address === address);

async function newTarget(host: string, { controlPlane }: TargetOptions, draft: Draft): Promise<Target> {
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
  const { jump, ...ssh } = draft.ssh ?? {};
  return {
    name: label,
    role: controlPlane.includes(label) ? 'control-plane' : 'worker',
    address,
    inSpec: false,
    ...(port !== undefined && { ssh: { port: Number(port) } }),
    ...(jump && { via: jumpOf(jump, ssh) }),
  };
}

function jumpOf(jump: NonNullable<Access['jump']>, ssh: Access = {}): Jump {
  const { address, user = 'root', port = 22, hostKey } = jump;
  const { identityFile } = ssh;
  const pinned = sshHostKey.safeParse(hostKey).success;
  return { address, user, port, ...(identityFile && { identityFile }), ...(pinned && { hostKey: hostKey as string }) };
}

function jumpArgument(text: string, ssh: Access | undefined): Jump {
  const { jump } = accessOf({ ansible_ssh_common_args: `-J ${text}` });
  if (jump) return jumpOf(ssh?.jump?.address === jump.address ? { ...ssh.jump, ...jump } : jump, ssh);
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
