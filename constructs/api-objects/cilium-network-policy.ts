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

/** A DNS name, or a pattern in which `*` stands for any part of one. One of the two. */
export interface CiliumName {
  readonly matchName?: string;
  readonly matchPattern?: string;
}

/** Requests that are let through; members are regular expressions, and all of them must match. */
export interface CiliumHttpRule {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
}

export interface CiliumPorts {
  readonly ports: readonly { readonly port: string; readonly protocol: 'TCP' | 'UDP' }[];
  /** What is looked at inside of the connection. Needs Cilium's L7 proxy. @default nothing */
  readonly rules?: { readonly http?: readonly CiliumHttpRule[]; readonly dns?: readonly CiliumName[] };
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
  /** Needs Cilium's L7 proxy, and DNS by way of it: Cilium learns the addresses from the answers. */
  readonly toFQDNs?: readonly CiliumName[];
  readonly toPorts?: readonly CiliumPorts[];
}

/** What policies of one namespace and of all have in common. */
export interface CiliumPolicyProps {
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
}

export interface CiliumClusterwideNetworkPolicyProps extends CiliumPolicyProps {
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

export interface CiliumNetworkPolicyProps extends CiliumPolicyProps {
  /** @default the chart's namespace */
  readonly namespace?: string;
}

/** A CiliumNetworkPolicy (`cilium.io/v2`): selectors that name no namespace stay in its own. */
export class CiliumNetworkPolicy extends ApiObject {
  constructor(scope: Construct, id: string, props: CiliumNetworkPolicyProps) {
    const { name, namespace, ...spec } = props;
    super(scope, id, { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace }, spec });
  }
}
