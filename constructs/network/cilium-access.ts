import { Names } from 'cdk8s';
import { type ContainerPort, Pod, type Workload } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { HardeningError } from '../../lib/errors';
import { clusterDns } from '../../lib/network-policy';
import {
  type CiliumEgressRule,
  type CiliumEntity,
  type CiliumHttpRule,
  type CiliumIngressRule,
  CiliumNetworkPolicy,
  type CiliumPorts,
} from '../api-objects/cilium-network-policy';

/** An entity that a workload may connect to. */
export interface EntityAccess {
  /** For example `kube-apiserver` or `world`. */
  readonly entity: CiliumEntity;
  /** TCP ports on which it listens: 6443 for an API server that kubeadm made. */
  readonly ports: number[];
}

/** A host outside of the cluster that a workload may connect to. */
export interface NameAccess {
  /** DNS name; `*` stands for any part of one. */
  readonly name: string;
  /** TCP ports. @default [443] */
  readonly ports?: number[];
}

/** Requests that a workload takes from another one, and no others. */
export interface RequestAccess {
  readonly from: Workload;
  readonly requests: CiliumHttpRule[];
}

export interface CiliumAccessProps {
  readonly workload: Workload;
  /** @default none */
  readonly entities?: EntityAccess[];
  /** Needs Cilium's L7 proxy. @default none */
  readonly names?: NameAccess[];
  /** Needs Cilium's L7 proxy. Stands in the place of `connections`, which would let every request through. @default none */
  readonly requests?: RequestAccess[];
}

/**
 * What NetworkPolicies cannot say, for clusters whose network is Cilium: connections to entities (a NetworkPolicy's
 * address blocks never match the API server or a node), to DNS names, and of certain requests only.
 *
 * Names and requests need Cilium's L7 proxy. Where that is off, as on clusters that Bulwark makes, Cilium refuses the
 * whole policy and nothing is opened.
 */
export class CiliumAccess extends Construct {
  constructor(scope: Construct, id: string, props: CiliumAccessProps) {
    super(scope, id);
    const { workload, entities = [], names = [], requests = [] } = props;
    new CiliumNetworkPolicy(this, 'policy', {
      name: Names.toDnsLabel(this),
      namespace: workload.metadata.namespace,
      description: `What ${workload.name} may do beyond NetworkPolicies`,
      endpointSelector: selectorOf(workload),
      ...(requests.length > 0 && { ingress: requests.map((each) => requestRule(workload, each)) }),
      ...(entities.length + names.length > 0 && {
        egress: [
          ...entities.map(({ entity, ports }): CiliumEgressRule => ({ toEntities: [entity], toPorts: [tcp(ports)] })),
          ...(names.length > 0 ? [dnsRule, ...names.map(nameRule)] : []),
        ],
      }),
    });
  }
}

/** The names that are asked for are seen by Cilium on their way to cluster DNS. */
const dnsRule: CiliumEgressRule = {
  toEndpoints: [{ matchLabels: inNamespace(clusterDns.namespace, clusterDns.labels) }],
  toPorts: [
    {
      ports: [
        { port: '53', protocol: 'UDP' },
        { port: '53', protocol: 'TCP' },
      ],
      rules: { dns: [{ matchPattern: '*' }] },
    },
  ],
};

function nameRule({ name, ports = [443] }: NameAccess): CiliumEgressRule {
  const match = name.includes('*') ? { matchPattern: name } : { matchName: name };
  return { toFQDNs: [match], toPorts: [tcp(ports)] };
}

function requestRule(workload: Workload, { from, requests }: RequestAccess): CiliumIngressRule {
  const declared: readonly ContainerPort[] = workload.containers.flatMap(({ ports }) => ports);
  if (declared.length === 0) {
    throw new HardeningError('spec', [
      {
        code: 'NETWORK_CONNECTION',
        path: 'requests',
        message: `${workload.node.path} declares no port to take requests on`,
        fix: 'give its container a portNumber',
      },
    ]);
  }
  const { matchLabels = {} } = selectorOf(from);
  const { namespace } = from.metadata;
  return {
    fromEndpoints: [{ matchLabels: namespace === undefined ? matchLabels : inNamespace(namespace, matchLabels) }],
    toPorts: [{ ...tcp(declared.map(({ number }) => number)), rules: { http: requests } }],
  };
}

function tcp(ports: readonly number[]): CiliumPorts {
  return { ports: ports.map((port) => ({ port: String(port), protocol: 'TCP' })) };
}

/** The label by which cdk8s-plus finds the pods of a workload. */
function selectorOf(workload: Workload): { readonly matchLabels: Readonly<Record<string, string>> } {
  return { matchLabels: { [Pod.ADDRESS_LABEL]: workload.podMetadata.getLabel(Pod.ADDRESS_LABEL) ?? '' } };
}

function inNamespace(namespace: string, labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { 'k8s:io.kubernetes.pod.namespace': namespace, ...labels };
}
