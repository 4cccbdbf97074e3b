import type { Role } from '../spec/cluster-spec';
import type { InventoryAccess, InventoryHost, JumpAddress } from './cluster-facts';

/** Names of groups under which inventories of others keep control planes: kubespray's, kubeadm guides'. */
const controlPlaneGroup = /^(kube[_-]?)?(control[_-]?planes?|masters?)$/;

export const roleOfHost = ({ groups }: Pick<InventoryHost, 'groups'>): Role =>
  groups.some((group) => controlPlaneGroup.test(group)) ? 'control-plane' : 'worker';

type Variables = Readonly<Record<string, unknown>>;

/** How Ansible's variables of a host say that it is reached. */
export function accessOf(variables: Variables): InventoryAccess {
  const text = (...names: readonly string[]) =>
    names.map((name) => variables[name]).find((value): value is string => typeof value === 'string' && value !== '');
  const args = [text('ansible_ssh_common_args'), text('ansible_ssh_extra_args')].filter(Boolean).join(' ');
  const user = text('ansible_user', 'ansible_ssh_user');
  const identityFile = text('ansible_ssh_private_key_file', 'ansible_private_key_file');
  const become = variables.ansible_become;
  const jump = jumpOf(args);
  return {
    ...(user !== undefined && { user }),
    ...(identityFile !== undefined && { identityFile }),
    ...(become !== undefined && { become: isTrue(become) ? ('sudo' as const) : ('none' as const) }),
    ...(typeof jump === 'object' && { jump }),
    ...(jump === 'unreadable' && { unreadable: args }),
  };
}

const isTrue = (value: unknown): boolean => /^(true|yes|on|1)$/i.test(String(value));

/** The one jump host that arguments of SSH name: by `-J`, by ProxyJump, or by the ProxyCommand `ssh -W %h:%p host`. */
function jumpOf(args: string): JumpAddress | 'unreadable' | undefined {
  const words = wordsOf(args);
  for (const [index, word] of words.entries()) {
    const next = words[index + 1] ?? '';
    if (word === '-J') return destination(next);
    if (word.startsWith('-J')) return destination(word.slice(2));
    const [, name = '', value = ''] =
      /^([^=\s]+)\s*[=\s]\s*(.*)$/s.exec(word === '-o' ? next : word.replace(/^-o/, '')) ?? [];
    if (word !== '-o' && !word.startsWith('-o')) continue;
    if (/^proxyjump$/i.test(name)) return value === 'none' ? undefined : destination(value);
    if (/^proxycommand$/i.test(name)) return value === 'none' ? undefined : forwarding(wordsOf(value));
  }
  return undefined;
}

/** `[user@]host[:port]`, or `ssh://` before it; several hosts in a row are more than a spec can say. */
function destination(text: string, port = 22): JumpAddress | 'unreadable' {
  const match = /^(?:ssh:\/\/)?(?:([^@,\s]+)@)?(\[[0-9a-fA-F:]+\]|[^@,:\s[\]]+)(?::(\d+))?$/.exec(text);
  const [, user, host = '', given] = match ?? [];
  if (!match || host.includes('{{')) return 'unreadable';
  return { ...(user !== undefined && { user }), address: host.replace(/^\[|\]$/g, ''), port: Number(given ?? port) };
}

/** Options of ssh that take no value. */
const bareOption = /^-[46AaCfGgKkMNnqsTtVvXxYy]+$/;

function forwarding([program = '', ...args]: readonly string[]): JumpAddress | 'unreadable' {
  if (program.split('/').at(-1) !== 'ssh') return 'unreadable';
  const given = new Map<string, string>();
  const hosts: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) hosts.push(word);
    else if (!bareOption.test(word))
      given.set(word.slice(0, 2), word.length > 2 ? word.slice(2) : (args[++index] ?? ''));
  }
  const [host = '', ...command] = hosts;
  if (!given.has('-W') || command.length > 0) return 'unreadable';
  const found = destination(host, Number(given.get('-p') ?? 22));
  const user = given.get('-l');
  return typeof found === 'object' && user !== undefined ? { user, ...found } : found;
}

/** Words as a shell splits them, for quotes that do not nest. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}
