import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';

export interface ClusterDnsProps {
  /** DNS domain of the cluster, for example `cluster.local`. */
  readonly domain: string;
}

/**
 * The Corefile of the CoreDNS that kubeadm deploys, which CoreDNS itself reads again when it changes. Deployment, Service
 * and rights stay kubeadm's: its pod has a read-only root, no capability but the port and no privilege to gain.
 *
 * Against kubeadm's own: addresses are not answered as names of pods (`pods insecure` affirms any address for any
 * namespace, and wildcard certificates believe it), and questions for ANY get one short answer, so that forged ones
 * amplify nothing (RFC 8482).
 */
export class ClusterDns extends k8s.KubeConfigMap {
  constructor(scope: Construct, id: string, props: ClusterDnsProps) {
    super(scope, id, {
      metadata: { name: 'coredns', namespace: 'kube-system' },
      data: { Corefile: corefile(props.domain) },
    });
  }
}

/** Where DNS asks on is the node's own resolver or, by way of the kubelet, what the spec names. */
const corefile = (domain: string): string => `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    any
    kubernetes ${domain} in-addr.arpa ip6.arpa {
        pods disabled
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
        max_concurrent 1000
    }
    cache 30 {
        disable success ${domain}
        disable denial ${domain}
    }
    loop
    reload
    loadbalance
}
`;
