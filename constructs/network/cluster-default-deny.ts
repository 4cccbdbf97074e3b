import { Construct } from 'constructs';
import {
  CiliumClusterwideNetworkPolicy,
  type CiliumEgressRule,
  type CiliumPorts,
} from '../api-objects/cilium-network-policy';

export interface ClusterDefaultDenyProps {
  /** Port on which the API server listens on control planes. */
  readonly apiServerPort: number;
  /** Resolvers that cluster DNS asks for outside names. @default every address, on port 53 */
  readonly dnsUpstreams?: readonly string[];
}

/** Pods with this label may reach the API server. */
export const apiAccessLabel = { 'bulwark.dev/api-access': 'true' };

/** The address at which clouds hand out instance credentials. */
const metadataAddress = '169.254.169.254/32';

const clusterDns = { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' };

const dnsPorts: readonly CiliumPorts[] = [
  {
    ports: [
      { port: '53', protocol: 'UDP' },
      { port: '53', protocol: 'TCP' },
    ],
  },
];

/**
 * Nothing comes into a pod and nothing leaves it, in every namespace there is or will be, but for what a cluster
 * needs: the kubelet's probes, DNS by way of cluster DNS, and the API server for pods that carry `apiAccessLabel`.
 * Teams open the rest with NetworkPolicies of their own.
 *
 * Nodes have no addresses in this model but entities, which a NetworkPolicy's ipBlock never matches: no team can open
 * the way to a node's kubelet, etcd or SSH. The metadata address is denied by name, because an ipBlock of everything
 * would open it.
 */
export class ClusterDefaultDeny extends Construct {
  constructor(scope: Construct, id: string, props: ClusterDefaultDenyProps) {
    super(scope, id);
    // The other ports of a control plane (etcd, kubelet, SSH) stay shut.
    const toApiServer: CiliumEgressRule = {
      toEntities: ['kube-apiserver'],
      toPorts: [{ ports: [{ port: String(props.apiServerPort), protocol: 'TCP' }] }],
    };
    const upstreams = props.dnsUpstreams ?? [];
    const toUpstreams: CiliumEgressRule =
      upstreams.length > 0 ? { toCIDR: upstreams.map(hostCidr) } : { toEntities: ['world', 'host', 'remote-node'] };

    new CiliumClusterwideNetworkPolicy(this, 'default-deny', {
      name: 'bulwark-default-deny',
      description: 'Every pod: no traffic but probes from its node and DNS',
      endpointSelector: {},
      enableDefaultDeny: { ingress: true, egress: true },
      ingress: [{ fromEntities: ['host'] }],
      egress: [{ toEndpoints: [{ matchLabels: clusterDns }], toPorts: dnsPorts }],
      egressDeny: [{ toCIDR: [metadataAddress] }],
    });
    new CiliumClusterwideNetworkPolicy(this, 'api-access', {
      name: 'bulwark-api-access',
      description: 'Pods that ask for it: the API server',
      endpointSelector: { matchLabels: apiAccessLabel },
      enableDefaultDeny: { ingress: false, egress: true },
      egress: [toApiServer],
    });
    new CiliumClusterwideNetworkPolicy(this, 'cluster-dns', {
      name: 'bulwark-cluster-dns',
      description: 'Cluster DNS: questions from every pod, the API server, resolvers outside',
      endpointSelector: { matchLabels: clusterDns },
      enableDefaultDeny: { ingress: true, egress: true },
      ingress: [{ fromEndpoints: [{}], toPorts: dnsPorts }],
      egress: [toApiServer, { ...toUpstreams, toPorts: dnsPorts }],
    });
  }
}

function hostCidr(address: string): string {
  return address.includes(':') ? `${address}/128` : `${address}/32`;
}
