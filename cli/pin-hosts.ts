import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { JumpHost } from '../apply/jump-tunnel';
import { HardeningError } from '../lib/errors';
import { readDraft } from '../lib/spec/draft';
import { yaml } from '../lib/spec/edit-yaml';
import { pinKey, pinNodes } from '../lib/spec/pin-nodes';
import { confirm } from './confirm';
import type { Console } from './console';
import { readSpecFile } from './load-cluster';
import { Progress } from './progress';
import { jumpEntry, pinnedNode, type ScannedKey, type ScanTarget, scanKeys } from './scan-hosts';
import { type Jump, type Target, type TargetOptions, targetsOf } from './scan-targets';

export interface PinOptions extends TargetOptions {
  /** Write nothing, print the nodes. */
  readonly print: boolean;
  /** As `ssh-keygen -lf` prints them. */
  readonly fingerprint: readonly string[];
  readonly yes: boolean;
}

/**
 * Reads host keys, lets a person or the given fingerprints confirm them, and writes the nodes into the spec.
 *
 * @param hosts as `targetsOf` reads them
 * @throws HardeningError of kind `usage`, `unreachable` or `verify`; then nothing is written
 */
export async function pinHosts(hosts: readonly string[], options: PinOptions, out: Console): Promise<void> {
  const text = options.print && !existsSync(options.file) ? '' : readSpecFile(options.file).text;
  const draft = readDraft(text, options.file);
  const targets = await targetsOf(hosts, draft, options);
  const jumpKeys = new Map<string, ScannedKey>();
  const scanned: Scanned[] = [];
  for (const way of new Set(targets.map(({ via }) => JSON.stringify(via)))) {
    const group = targets.filter(({ via }) => JSON.stringify(via) === way);
    const via = group[0]?.via;
    const jump = via && { ...via, hostKey: await confirmedJump(via, jumpKeys, options, out) };
    const keys = await new Progress().step('Host keys', () => scanKeys(group, jump, options.fingerprint));
    scanned.push(...keys.map((key, index) => ({ target: group[index] as Target, key, ...(jump && { jump }) })));
  }
  const keys = scanned.map(({ key }) => key);
  await agree(keys, options, out);

  const nodes = scanned.filter((one) => options.print || isNews(one)).map(nodeOf);
  const shared = sharedJump(scanned);
  out.object({ ...(!options.print && { file: options.file }), keys, jumps: [...jumpKeys.values()], nodes });
  if (options.print) out.result(yaml({ ...shared?.field, nodes }));
  else if (nodes.length === 0 && !shared) out.result(`Every host key is the one that ${options.file} pins`);
  else {
    const next = `${options.file}.new`;
    const pinned = pinNodes(text, nodes);
    writeFileSync(next, shared ? pinKey(pinned, shared.path, shared.hostKey) : pinned, {
      mode: statSync(options.file).mode,
    });
    renameSync(next, options.file);
    const names = [...(shared ? [shared.name] : []), ...nodes.map(({ name }) => name)];
    out.result(`Pinned ${names.join(', ')} in ${options.file}`);
  }
}

interface Scanned {
  readonly target: Target;
  readonly key: ScannedKey;
  readonly jump?: JumpHost;
}

/** Whether the jump host's key is to be written to the node itself. */
const hasNewJump = ({ viaOf, via }: Target): boolean => viaOf === 'node' && via?.hostKey === undefined;

const isNews = ({ target, key }: Scanned): boolean => key.status !== 'pinned' || !target.inSpec || hasNewJump(target);

const nodeOf = ({ target, key, jump }: Scanned) => pinnedNode(target, key, target.viaOf === 'node' ? jump : undefined);

/** The jump host of all nodes, where the spec names it and does not pin its key yet. */
function sharedJump(scanned: readonly Scanned[]) {
  const found = scanned.find(
    ({ target: { via, viaOf } }) => via && !via.hostKey && (viaOf === 'cluster' || viaOf === 'gateway'),
  );
  if (!found?.jump) return undefined;
  const jump = jumpEntry(found.jump);
  const { hostKey, address } = jump;
  return found.target.viaOf === 'gateway'
    ? { name: 'gateway', path: ['gateway', 'hostKey'], hostKey, field: { gateway: { hostKey } } }
    : { name: `jump host ${address}`, path: ['ssh', 'jump', 'hostKey'], hostKey, field: { ssh: { jump } } };
}

/** A jump host is logged in to, so its own key is confirmed first; once, whoever is behind it. */
async function confirmedJump(
  via: Jump,
  known: Map<string, ScannedKey>,
  options: PinOptions,
  out: Console,
): Promise<string> {
  const server = `${via.address} ${via.port}`;
  const before = known.get(server);
  if (before) return before.hostKey;
  const target: ScanTarget = {
    name: `jump host ${via.address}`,
    role: 'worker',
    address: via.address,
    port: via.port,
    knownHosts: via.knownHosts,
    ...(via.hostKey && { pinned: via.hostKey }),
  };
  const [key] = await scanKeys([target], undefined, options.fingerprint);
  if (!key) throw new Error('one target has one key');
  await agree([key], options, out);
  known.set(server, key);
  return key.hostKey;
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
