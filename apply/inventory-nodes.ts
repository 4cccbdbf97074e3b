import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { HardeningError, type Issue } from '../lib/errors';
import type { InventoryHost, JumpAddress } from '../lib/foreign/cluster-facts';
import { roleOfHost } from '../lib/foreign/inventory-access';
import type { ClusterSpecInput } from '../lib/spec/cluster-spec';
import { dnsLabel } from '../lib/spec/primitives';
import { knownHostsFiles, knownKey } from './host-keys';
import { readInventory } from './read-inventory';

type NodeInput = ClusterSpecInput['nodes'][number];

/** A machine that is to be a node, before its host key is known. */
export interface UnpinnedNode extends Pick<NodeInput, 'name' | 'role' | 'address'> {
  readonly ssh?: Omit<NonNullable<NodeInput['ssh']>, 'jump'>;
  readonly jump?: JumpAddress;
  /** Files of host keys that the inventory names. @default none */
  readonly knownHosts?: readonly string[];
}

/**
 * The hosts of an inventory as nodes of a spec. Groups that are called `control_plane`, `masters` and the like tell the
 * control planes.
 *
 * @throws HardeningError of kind `usage` as `readInventory`, and where a host cannot be a node of a spec
 */
export async function inventoryNodes(
  path: string,
  onProgress: (text: string) => void = () => undefined,
  cacheDirectory?: string,
): Promise<readonly UnpinnedNode[]> {
  const hosts = await readInventory(path, onProgress, cacheDirectory);
  const results = await Promise.all(hosts.map((host) => nodeOf(host, path)));
  const issues = results.flatMap((result) => ('issue' in result ? [result.issue] : []));
  if (issues.length > 0) throw new HardeningError('usage', issues);
  return results.flatMap((result) => ('node' in result ? [result.node] : []));
}

export interface PinnedOptions {
  /** Files of host keys. @default those that the inventory names, `~/.ssh/known_hosts` and `/etc/ssh/ssh_known_hosts` */
  readonly knownHosts?: readonly string[];
  readonly onProgress?: (text: string) => void;
  /** @default `$BULWARK_CACHE`, else `$XDG_CACHE_HOME/bulwark`, else `~/.cache/bulwark` */
  readonly cacheDirectory?: string;
}

/**
 * The hosts of an inventory with the host keys that the `known_hosts` files of the inventory and of the user have.
 *
 * @throws HardeningError of kind `usage` as `inventoryNodes`, and where a host key is not known
 */
export async function pinnedInventoryNodes(
  path: string,
  { knownHosts, onProgress, cacheDirectory }: PinnedOptions = {},
): Promise<readonly NodeInput[]> {
  const nodes = await inventoryNodes(path, onProgress, cacheDirectory);
  const issues: Issue[] = [];
  const key = async (address: string, port: number, who: string, named?: readonly string[]): Promise<string> => {
    const found = await knownKey({ address, port }, knownHosts ?? knownHostsFiles(named));
    if (found === undefined) issues.push(unknownKey(path, who, `${address}:${port}`));
    return found ?? '';
  };
  const pinned = await Promise.all(
    nodes.map(async ({ name, role, address, ssh, jump, knownHosts: named }): Promise<NodeInput> => {
      const hostKey = await key(address, ssh?.port ?? 22, name, named);
      const via = jump && { ...jump, hostKey: await key(jump.address, jump.port, `jump host of ${name}`, named) };
      const access = { ...ssh, ...(via && { jump: via }) };
      return { name, role, address, hostKey, ...(Object.keys(access).length > 0 && { ssh: access }) };
    }),
  );
  if (issues.length > 0) throw new HardeningError('usage', issues);
  return pinned;
}

const unknownKey = (file: string, who: string, got: string): Issue => ({
  code: 'INVENTORY_HOST_KEY',
  file,
  path: who,
  message: 'no known_hosts file has a host key of this machine, and none is taken on trust',
  got,
  fix: `read and compare the keys with \`bulwark inventory scan --inventory ${file}\`, or log in once with ssh and compare`,
});

async function nodeOf(host: InventoryHost, file: string): Promise<{ node: UnpinnedNode } | { issue: Issue }> {
  const { access = {}, port } = host;
  const refused = (message: string, fix: string, got?: string) => ({
    issue: { code: 'INVENTORY_HOST', file, path: host.name, message, ...(got !== undefined && { got }), fix },
  });
  const [name = ''] = (isIP(host.name) ? [] : host.name.toLowerCase().split('.')) as readonly string[];
  if (!dnsLabel.safeParse(name).success) {
    return refused(
      'a node needs the name of its machine',
      'name the host by its host name, and give ansible_host',
      host.name,
    );
  }
  const address = await addressOf(host.address);
  if (address === undefined) {
    return refused('this address cannot be resolved here', 'give ansible_host an address', host.address);
  }
  if (access.unreadable !== undefined) {
    return refused(
      'a spec knows one jump host, and these arguments of SSH say something else',
      'name one jump host with ProxyJump, or write the node into the spec by hand',
      access.unreadable,
    );
  }
  const { user, identityFile, become, jump, knownHosts } = access;
  const ssh = {
    ...(user !== undefined && { user }),
    ...(port !== undefined && port !== 22 && { port }),
    ...(identityFile !== undefined && { identityFile }),
    ...(become !== undefined && { become }),
  };
  return {
    node: {
      name,
      role: roleOfHost(host),
      address,
      ...(Object.keys(ssh).length > 0 && { ssh }),
      ...(jump && { jump }),
      ...(knownHosts && { knownHosts }),
    },
  };
}

/** A spec holds addresses: packet filters and certificates are made of them. */
export async function addressOf(host: string): Promise<string | undefined> {
  if (isIP(host) !== 0) return host;
  return lookup(host).then(
    ({ address }) => address,
    () => undefined,
  );
}
