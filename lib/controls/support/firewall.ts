import { isIP } from 'node:net';
import { addressOf } from '../../gateway';
import type { ResolvedCluster } from '../../resolved-cluster';
import type { NodeSpec, Role } from '../../spec/cluster-spec';

export const bothRoles: readonly Role[] = ['control-plane', 'worker'];

export const addressesOf = (nodes: readonly NodeSpec[]): readonly string[] => nodes.map(({ address }) => address);

/** Jump hosts that are given by address: SSH arrives from them. A gateway connects from its address inside. */
export const jumpHostsOf = ({ spec }: ResolvedCluster): readonly string[] =>
  [
    ...new Set([
      ...[spec.ssh, ...spec.nodes.map(({ ssh }) => ssh)].map((ssh) => ssh?.jump?.address),
      spec.gateway && addressOf(spec.gateway.inside.address),
    ]),
  ].filter((address): address is string => address !== undefined && isIP(address) !== 0);

/** Every port on which some node's SSH listens. */
export const sshPortsOf = ({ spec }: ResolvedCluster): readonly number[] => [
  ...new Set(spec.nodes.map(({ ssh }) => ssh?.port ?? spec.ssh.port ?? 22)),
];
