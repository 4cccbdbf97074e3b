import { addressOf, sshOf } from '../../lib/gateway';
import type { ResolvedCluster } from '../../lib/resolved-cluster';
import type { ClusterSpec, NodeSpec } from '../../lib/spec/cluster-spec';
import { renderYaml } from '../render/yaml';

type Ssh = ClusterSpec['ssh'];

/** One word of a shell command. */
const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** OpenSSH splits the values of these options at spaces, unless they are in double quotes of its own. */
const option = (name: string, value: string) => `-o ${quoted(`${name}="${value}"`)}`;

/** Options of every connection: only the bundle's own host keys count, and none is ever learned. */
const pinned = [
  option('UserKnownHostsFile', '{{ inventory_dir }}/known_hosts'),
  '-o GlobalKnownHostsFile=/dev/null',
  '-o StrictHostKeyChecking=yes',
];

/**
 * A jump host is a proxy command of its own: `ProxyJump` would not pass our pinned keys on to the connection that it
 * makes.
 */
function proxyCommand(jump: NonNullable<Ssh['jump']>, identityFile: string | undefined): string {
  const identity = identityFile === undefined ? [] : [option('IdentityFile', identityFile), '-o IdentitiesOnly=yes'];
  const target = quoted(`${jump.user}@${jump.address}`);
  const words = ['ssh', ...pinned, ...identity, `-p ${jump.port}`, '-W [%h]:%p', target];
  return `-o ${quoted(`ProxyCommand=${words.join(' ')}`)}`;
}

/** A machine by its address, name and SSH settings. */
function host(address: string, name: string, ssh: Ssh) {
  const user = ssh.user ?? 'root';
  const become = ssh.become ?? (user === 'root' ? 'none' : 'sudo');
  return {
    ansible_host: address,
    ansible_port: ssh.port ?? 22,
    ansible_user: user,
    ansible_become: become !== 'none',
    ...(become !== 'none' && { ansible_become_method: become }),
    ...(ssh.identityFile !== undefined && { ansible_ssh_private_key_file: ssh.identityFile }),
    ansible_ssh_common_args: [...pinned, ...(ssh.jump ? [proxyCommand(ssh.jump, ssh.identityFile)] : [])].join(' '),
    bulwark_node: name,
  };
}

/** The gateway is reached directly, with the operator's own key. */
function gatewayGroup({ gateway, ssh }: ClusterSpec) {
  if (!gateway) return {};
  const { user, port } = gateway.ssh;
  const access = { user, port, ...(ssh.identityFile !== undefined && { identityFile: ssh.identityFile }) };
  return { gateway: { hosts: { [gateway.name]: host(addressOf(gateway.outside.address), gateway.name, access) } } };
}

/** The Ansible inventory: who the nodes are, how they are reached, and that their host keys are pinned. */
export function inventory({ spec, controlPlanes, workers }: ResolvedCluster): string {
  const group = (nodes: readonly NodeSpec[]) => ({
    hosts: Object.fromEntries(nodes.map((node) => [node.name, host(node.address, node.name, sshOf(spec, node))])),
  });
  const document = {
    all: {
      vars: { bulwark_cluster: spec.name },
      children: { control_plane: group(controlPlanes), workers: group(workers), ...gatewayGroup(spec) },
    },
  };
  return renderYaml([document], ['spec:nodes', 'spec:ssh']);
}

/** One `known_hosts` line per node and jump host; a port other than 22 is part of the name. */
export function knownHostLines({ spec }: ResolvedCluster): string {
  const line = (address: string, port: number, hostKey: string) => {
    const [type, key] = hostKey.split(' ');
    return `${port === 22 ? address : `[${address}]:${port}`} ${type} ${key}\n`;
  };
  const lines = spec.nodes.flatMap((node) => {
    const { port, jump } = sshOf(spec, node);
    return [
      line(node.address, port ?? 22, node.hostKey),
      ...(jump ? [line(jump.address, jump.port, jump.hostKey)] : []),
    ];
  });
  return [...new Set(lines)].join('');
}
