import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { LabelRequirement } from './admission-policy';

/** Peers without labels that Cilium knows by what they are. */
export type CiliumEntity = 'host' | 'remote-node' | 'kube-apiserver' | 'world' | 'cluster';

/** Selects pods. Label keys may carry a source prefix, for example `k8s:`. `{}` selects every pod. */
export interface CiliumEndpointSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface CiliumPorts {
  readonly ports: readonly { readonly port: string; readonly protocol: 'TCP' | 'UDP' }[];
}

/** What may come in. Members of one rule must all match. */
export interface CiliumIngressRule {
  readonly fromEndpoints?: readonly CiliumEndpointSelector[];
  readonly fromEntities?: readonly CiliumEntity[];
  readonly toPorts?: readonly CiliumPorts[];
}

/** What may go out. Members of one rule must all match. */
export interface CiliumEgressRule {
  readonly toEndpoints?: readonly CiliumEndpointSelector[];
  readonly toEntities?: readonly CiliumEntity[];
  readonly toCIDR?: readonly string[];
  readonly toPorts?: readonly CiliumPorts[];
}

export interface CiliumClusterwideNetworkPolicyProps {
  readonly name: string;
  readonly description: string;
  /** Pods that the policy is about; pods on the host's network are never among them. */
  readonly endpointSelector: CiliumEndpointSelector;
  /** @default nothing more may come in */
  readonly ingress?: readonly CiliumIngressRule[];
  /** @default nothing more may go out */
  readonly egress?: readonly CiliumEgressRule[];
  /** Refused whatever another policy allows. @default nothing */
  readonly egressDeny?: readonly CiliumEgressRule[];
  /** Directions in which the selected pods may do only what some policy allows. */
  readonly enableDefaultDeny: { readonly ingress: boolean; readonly egress: boolean };
}

/** A CiliumClusterwideNetworkPolicy (`cilium.io/v2`). */
export class CiliumClusterwideNetworkPolicy extends ApiObject {
  constructor(scope: Construct, id: string, props: CiliumClusterwideNetworkPolicyProps) {
    const { name, ...spec } = props;
    super(scope, id, {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumClusterwideNetworkPolicy',
      metadata: { name },
      spec,
    });
  }
}
