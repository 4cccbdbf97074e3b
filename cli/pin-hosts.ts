import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { JumpHost } from '../apply/jump-tunnel';
import { HardeningError } from '../lib/errors';
import { readDocument } from '../lib/spec/document';
import { yaml } from '../lib/spec/edit-yaml';
import { pinNodes } from '../lib/spec/pin-nodes';
import { confirm } from './confirm';
import type { Console } from './console';
import { readSpecFile } from './load-cluster';
import { Progress } from './progress';
import { pinnedNode, type ScannedKey, type ScanTarget, scanKeys } from './scan-hosts';
import { type Draft, type Jump, type Target, type TargetOptions, targetsOf } from './scan-targets';

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
