import { createHash } from 'node:crypto';

export interface CiliumConfigProps {
  /** Whether Cilium takes the place of kube-proxy. */
  readonly kubeProxyReplacement: boolean;
  /** Whether traffic between nodes is encrypted with WireGuard. */
  readonly wireguard: boolean;
}

/** Where the node's cgroup v2 tree is mounted for the agent, whatever the node's own layout. */
export const cgroupRoot = '/run/cilium/cgroupv2';

/**
 * Options of agent and operator, as the ConfigMap `cilium-config` holds them. Only what differs from the programs' own
 * defaults: what is not used is switched off, which spares ports, rights and secrets.
 */
export function ciliumConfig(props: CiliumConfigProps): Readonly<Record<string, string>> {
  return {
    'identity-allocation-mode': 'crd',
    'enable-well-known-identities': 'false',
    ipam: 'kubernetes',
    'enable-ipv6': 'false',
    'routing-mode': 'tunnel',
    'tunnel-protocol': 'vxlan',
    'kube-proxy-replacement': String(props.kubeProxyReplacement),
    'enable-wireguard': String(props.wireguard),

    // Closed before the policies come and should they be deleted, rather than open until some policy selects a pod.
    'enable-policy': 'always',
    // A connection from the node needs a rule like any other; the default deny grants kubelet probes by entity.
    'allow-localhost': 'policy',
    // An endpoint whose rules no longer fit into its map is cut off instead of being left half enforced.
    'enable-endpoint-lockdown-on-policy-overflow': 'true',

    'bpf-root': '/sys/fs/bpf',
    'cgroup-root': cgroupRoot,
    procfs: '/host/proc',
    'write-cni-conf-when-ready': '/host/etc/cni/net.d/05-cilium.conflist',
    'cni-exclusive': 'true',

    // Not used. Health checking between nodes would listen on port 4240 of every node.
    'enable-l7-proxy': 'false',
    'enable-health-checking': 'false',
    'enable-endpoint-health-checking': 'false',
    'enable-dynamic-config': 'false',
    'enable-gops': 'false',
    'enable-lb-ipam': 'false',
    'set-cilium-is-up-condition': 'false',
    'unmanaged-pod-watcher-interval': '0s',
    'operator-api-serve-addr': '127.0.0.1:9234',
  };
}

/** Names a configuration, so that pods are replaced when it changes: the programs read it at start only. */
export function configDigest(config: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16);
}
