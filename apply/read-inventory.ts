import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { HardeningError } from '../lib/errors';
import type { InventoryHost } from '../lib/foreign/cluster-facts';
import { accessOf } from '../lib/foreign/inventory-access';
import { ensureAnsible } from './ansible-environment';
import { ansibleVariables } from './run-playbook';

/** Names of connections over which host keys are checked, or nobody is talked to. */
const knownConnections = new Set(['ssh', 'ansible.builtin.ssh', 'smart', 'local', 'ansible.builtin.local']);

/** What `ansible-inventory --list` prints: the groups, and under `_meta` the variables of the hosts. */
type Listing = Readonly<Record<string, Group>> & { readonly _meta: Group };

interface Group {
  readonly hosts?: readonly string[];
  readonly children?: readonly string[];
  readonly hostvars?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Reads an inventory as Ansible does: YAML, INI, a plain list of hosts, a directory, a program.
 *
 * @throws HardeningError of kind `usage` where it is none, names no host, or goes round SSH and its host keys
 */
export async function readInventory(
  path: string,
  onProgress: (text: string) => void,
  cacheDirectory?: string,
): Promise<readonly InventoryHost[]> {
  if (!existsSync(path)) throw wrong(path, 'there is no such file', 'give an inventory of Ansible, or a list of hosts');
  const { playbook, pycache } = await ensureAnsible(onProgress, cacheDirectory);
  const scratch = await mkdtemp(join(tmpdir(), 'bulwark-'));
  try {
    const program = join(dirname(playbook), 'ansible-inventory');
    const { stdout } = await promisify(execFile)(program, ['--inventory', resolve(path), '--list'], {
      env: { ...ansibleVariables(scratch, pycache), ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED: 'true' },
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: { stderr?: string; message: string }) => {
      throw wrong(path, 'Ansible cannot read this inventory', 'check it with `ansible-inventory --list`', error.stderr);
    });
    const hosts = hostsOf(JSON.parse(stdout) as Listing, path);
    if (hosts.length === 0) throw wrong(path, 'this inventory names no host', 'name the nodes of the cluster in it');
    return hosts;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function hostsOf(listing: Listing, path: string): readonly InventoryHost[] {
  const groupsOf = (host: string): readonly string[] => {
    const found = new Set<string>();
    const add = (name: string) => {
      if (found.has(name)) return;
      found.add(name);
      for (const [parent, { children = [] }] of groups) if (children.includes(name)) add(parent);
    };
    for (const [name, { hosts = [] }] of groups) if (hosts.includes(host)) add(name);
    return [...found];
  };
  const groups = Object.entries(listing).filter(([name]) => name !== '_meta');
  const members = groups.flatMap(([, { hosts = [] }]) => hosts);
  return [...new Set(members)].map((name) => {
    const variables = listing._meta.hostvars?.[name] ?? {};
    const { ansible_host: address, ansible_port: port, ansible_connection: connection } = variables;
    if (connection !== undefined && !knownConnections.has(String(connection))) {
      throw wrong(
        path,
        `host ${name} is reached by ${connection}, which does not check host keys as SSH does`,
        'remove ansible_connection, so that SSH is used',
      );
    }
    return {
      name,
      address: typeof address === 'string' ? address : name,
      ...(Number(port) > 0 && { port: Number(port) }),
      groups: groupsOf(name),
      access: accessOf(variables),
    };
  });
}

const wrong = (file: string, message: string, fix: string, got?: string): HardeningError =>
  new HardeningError('usage', [
    { code: 'FOREIGN_INVENTORY', file, message, ...(got && { got: got.trim().slice(-600) }), fix },
  ]);
