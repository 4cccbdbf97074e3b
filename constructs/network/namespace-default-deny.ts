import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';

export interface NamespaceDefaultDenyProps {
  readonly namespace: string;
}

/**
 * The default deny of one namespace in standard NetworkPolicies, for clusters whose network is not ours: nothing in,
 * nothing out but DNS. It covers the namespace it is made for; a namespace made later has none.
 */
export class NamespaceDefaultDeny extends Construct {
  constructor(scope: Construct, id: string, props: NamespaceDefaultDenyProps) {
    super(scope, id);
    const { namespace } = props;
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'bulwark-default-deny', namespace },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    new k8s.KubeNetworkPolicy(this, 'dns', {
      metadata: { name: 'bulwark-dns', namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
                podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
              },
            ],
            ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: k8s.IntOrString.fromNumber(53) })),
          },
        ],
      },
    });
  }
}
