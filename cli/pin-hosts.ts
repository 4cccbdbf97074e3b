import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { addressOf, inventoryNodes } from '../apply/inventory-nodes';
import type { JumpHost } from '../apply/jump-tunnel';
import { HardeningError, type Issue } from '../lib/errors';
import { accessOf } from '../lib/foreign/inventory-access';
import { readDocument } from '../lib/spec/document';
import { yaml } from '../lib/spec/edit-yaml';
import { pinNodes } from '../lib/spec/pin-nodes';
import { dnsLabel, sshHostKey } from '../lib/spec/primitives';
import { confirm } from './confirm';
import type { Console } from './console';
import { readSpecFile } from './load-cluster';
import { Progress } from './progress';
import { pinnedNode, type ScannedKey, type ScanTarget, scanKeys } from './scan-hosts';

export interface PinOptions {
  readonly file: string;
  /** Write nothing, print the nodes. */
  readonly print: boolean;
  readonly inventory?: string;
  /** Names of new nodes that are control planes; the others of the command line are workers. */
  readonly controlPlane: readonly string[];
  readonly jump?: string;
  /** As `ssh-keygen -lf` prints them. */
  readonly fingerprint: readonly string[];
  readonly yes: boolean;
}

type Jump = Omit<JumpHost, 'hostKey'> & { readonly hostKey?: string };
interface Target extends ScanTarget {
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
interface Draft {
  readonly ssh?: Access;
  readonly nodes?: readonly (Partial<ScanTarget> & { readonly hostKey?: string; readonly ssh?: Access })[];
}

/**
 * Reads host keys, lets a person or the given fingerprints confirm them, and writes the nodes into the spec.
 *
 * @param hosts `[NAME=]ADDRESS[:PORT]` @default those of the inventory, else the nodes of the spec
 * @throws HardeningError of kind `usage`, `unreachable` or `verify`; then nothing is written
 */
export async function pinHosts(hosts: readonly string[], options: PinOptions, out: Console): Promise<void> {
  const text = options.print && !existsSync(options.file) ? '' : readSpecFile(options.file).text;
  const document = readDocument(text, options.file);
  if (document.issues.length > 0) throw new HardeningError('spec', document.issues);
  const draft = (document.value ?? {}) as Draft;
  const targets = await targetsOf(hosts, draft, options);
  const scanned: { readonly target: Target; readonly key: ScannedKey; readonly jump?: JumpHost }[] = [];
  for (const via of new Set(targets.map((target) => JSON.stringify(target.via)))) {
    const group = targets.filter((target) => JSON.stringify(target.via) === via);
    const jump = group[0]?.via && (await confirmedJump(group[0].via, options, out));
    const keys = await new Progress().step('Host keys', () => scanKeys(group, jump, options.fingerprint));
    scanned.push(...keys.map((key, index) => ({ target: group[index] as Target, key, ...(jump && { jump }) })));
  }
  const keys = scanned.map(({ key }) => key);
  await agree(keys, options, out);

  const shared = draft.ssh?.jump?.address;
  const changed = scanned.filter(({ key, target }) => options.print || key.status !== 'pinned' || !target.inSpec);
  const nodes = changed.map(({ target, key, jump }) =>
    pinnedNode(target, key, jump?.address === shared ? undefined : jump),
  );
  out.object({ ...(!options.print && { file: options.file }), keys, nodes });
  if (options.print) out.result(yaml({ nodes }));
  else if (nodes.length === 0) out.result(`Every host key is the one that ${options.file} pins`);
  else {
    const next = `${options.file}.new`;
    writeFileSync(next, pinNodes(text, nodes), { mode: statSync(options.file).mode });
    renameSync(next, options.file);
    out.result(`Pinned ${nodes.map(({ name }) => name).join(', ')} in ${options.file}`);
  }
}

async function targetsOf(hosts: readonly string[], draft: Draft, options: PinOptions): Promise<readonly Target[]> {
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

async function newTarget(host: string, { controlPlane }: PinOptions, draft: Draft): Promise<Target> {
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

/** A jump host is logged in to, so its own key is confirmed first. */
async function confirmedJump(via: Jump, options: PinOptions, out: Console): Promise<JumpHost> {
  const target: ScanTarget = {
    name: `jump host ${via.address}`,
    role: 'worker',
    address: via.address,
    ssh: { port: via.port },
    ...(via.hostKey && { pinned: via.hostKey }),
  };
  const [key] = await scanKeys([target], undefined, options.fingerprint);
  if (!key) throw new Error('one target has one key');
  await agree([key], options, out);
  return { ...via, hostKey: key.hostKey };
}

/** Shows the keys and has those confirmed that nothing speaks for yet. */
async function agree(keys: readonly ScannedKey[], { yes }: PinOptions, out: Console): Promise<void> {
  const width = Math.max(...keys.map(({ name }) => name.length));
  for (const { name, address, hostKey, fingerprint, status, known } of keys) {
    const type = (hostKey.split(' ')[0] ?? '').replace(/^ssh-|-sha2-nistp\d+$/g, '').toUpperCase();
    const remark = { pinned: 'as pinned', expected: 'as expected', new: known ? 'in your known_hosts' : 'new' }[status];
    out.note(`${name.padEnd(width)}  ${address}  ${type.padEnd(7)}  ${fingerprint}  ${remark}`);
  }
  const open = keys.filter(({ status }) => status === 'new');
  if (open.length === 0) return;
  if (yes) {
    throw new HardeningError(
      'usage',
      open.map(({ name, fingerprint }) => ({
        code: 'SCAN_NOT_EXPECTED',
        path: name,
        message: 'nobody has compared this host key: --yes pins only what --fingerprint names',
        got: fingerprint,
        fix: 'read it at the machine’s console with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`, and give it as --fingerprint',
      })),
    );
  }
  out.note('On each machine’s own console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub (or _ecdsa_, _rsa_)');
  await confirm('Are these the fingerprints that the consoles show?', false);
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
