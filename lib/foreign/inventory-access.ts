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
  const options = optionsOf(wordsOf(args));
  const jump = jumpOf(options);
  const knownHosts = knownHostsOf(options);
  return {
    ...(user !== undefined && { user }),
    ...(identityFile !== undefined && { identityFile }),
    ...(become !== undefined && { become: isTrue(become) ? ('sudo' as const) : ('none' as const) }),
    ...(typeof jump === 'object' && { jump }),
    ...(jump === 'unreadable' && { unreadable: args }),
    ...(knownHosts.length > 0 && { knownHosts }),
  };
}

const isTrue = (value: unknown): boolean => /^(true|yes|on|1)$/i.test(String(value));

/** An option of ssh, by its name in lower case. */
type Option = readonly [name: string, value: string];

/** The options that arguments of ssh give by `-o` and `-J`, in their order. */
function optionsOf(words: readonly string[]): readonly Option[] {
  return words.flatMap((word, index): readonly Option[] => {
    const [, letter, attached] = /^-([oJ])(.*)$/s.exec(word) ?? [];
    const value = attached || (words[index + 1] ?? '');
    if (letter === 'J') return [['proxyjump', value]];
    const [, name, given = ''] = (letter && /^([^=\s]+)\s*[=\s]\s*(.*)$/s.exec(value)) || [];
    return name ? [[name.toLowerCase(), given]] : [];
  });
}

/** The one jump host that options name: ProxyJump, or the ProxyCommand `ssh -W %h:%p host`. */
function jumpOf(options: readonly Option[]): JumpAddress | 'unreadable' | undefined {
  const [name, value] = options.find(([one]) => one === 'proxyjump' || one === 'proxycommand') ?? [];
  if (value === undefined || value === 'none') return undefined;
  return name === 'proxyjump' ? destination(value) : forwarding(wordsOf(value));
}

/** Files of the first UserKnownHostsFile, which counts, and of that of a ProxyCommand. */
function knownHostsOf(options: readonly Option[]): readonly string[] {
  const given = (wanted: string) => options.find(([name]) => name === wanted)?.[1];
  const own =
    given('userknownhostsfile')
      ?.split(/\s+/)
      .filter((file) => file && file !== 'none') ?? [];
  const command = given('proxycommand');
  return [...own, ...(command ? knownHostsOf(optionsOf(wordsOf(command))) : [])];
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
