import type { ClusterSpec, NodeSpec } from './spec/cluster-spec';

type Ssh = ClusterSpec['ssh'];
/** The host between the nodes' own network and the one around it. */
export type Gateway = NonNullable<ClusterSpec['gateway']>;

/** The address of an interface that is given with its prefix, `10.42.0.1/24`. */
export const addressOf = (text: string): string => text.split('/')[0] ?? text;

/** How one node is reached: the cluster's settings, overridden by the node's own. Behind a gateway, through it. */
export function sshOf(spec: Pick<ClusterSpec, 'ssh' | 'gateway'>, node: Pick<NodeSpec, 'ssh'>): Ssh {
  const { gateway } = spec;
  const jump = gateway && {
    address: addressOf(gateway.outside.address),
    user: gateway.ssh.user,
    port: gateway.ssh.port,
    hostKey: gateway.hostKey,
  };
  return { ...(jump && { jump }), ...spec.ssh, ...node.ssh };
}

type Reached = {
  readonly spec: Pick<ClusterSpec, 'gateway'>;
  readonly endpoint: { readonly host: string; readonly port: number };
};

/** Where clients outside reach the API server: what the gateway publishes, where there is one. */
export function publicEndpoint({ spec, endpoint }: Reached): Reached['endpoint'] {
  return spec.gateway ? { host: addressOf(spec.gateway.outside.address), port: 6443 } : endpoint;
}

/** The same as a URL. */
export function publicServer(cluster: Reached): string {
  const { host, port } = publicEndpoint(cluster);
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
