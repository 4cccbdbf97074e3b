import { Names } from 'cdk8s';
import {
  type AbstractPod,
  type ContainerPort,
  type INetworkPolicyPeer,
  type IPodSelector,
  Namespaces,
  NetworkPolicy,
  NetworkPolicyPort,
  type NetworkProtocol,
  PodConnections,
  type PodConnectionsAllowFromOptions,
  type PodConnectionsAllowToOptions,
  PodConnectionsIsolation,
  Pods,
} from 'cdk8s-plus-27';
import { HardeningError } from '../../lib/errors';
import { clusterDns } from '../../lib/network-policy';

const dnsPorts = [NetworkPolicyPort.udp(53), NetworkPolicyPort.tcp(53)];

/**
 * The connections of a hardened workload. Beyond those of cdk8s-plus it opens only the ports that the listening pod
 * declares, each with its protocol, and refuses to open every port or a namespace of unknown name; each policy has a name
 * of its own; a workload that may connect to pods may ask DNS for their names.
 */
export class HardenedConnections extends PodConnections {
  #asksDns = false;

  /**
   * Lets this workload connect to a peer: a policy on either side.
   *
   * @throws HardeningError where no port is known, or the other side's policy would not find one of the two
   */
  override allowTo(peer: INetworkPolicyPeer, options: PodConnectionsAllowToOptions = {}): void {
    const ports = options.ports ?? this.#portsOf(peer, 'allowTo');
    if (options.isolation !== PodConnectionsIsolation.PEER) {
      new NetworkPolicy(this.instance, `AllowEgress${peer.node.addr}`, {
        selector: this.instance,
        metadata: { name: nameOf(this.instance, 'egress', peer), namespace: this.instance.metadata.namespace },
        egress: { rules: [{ peer, ports }] },
      });
      if (peer.toPodSelector()) this.allowDns();
    }
    if (options.isolation !== PodConnectionsIsolation.POD) {
      this.#onPeer(peer, (selector, namespace) => {
        new NetworkPolicy(this.instance, `AllowIngress${namespace ?? ''}${peer.node.addr}`, {
          selector,
          metadata: { name: nameOf(peer, 'ingress', this.instance), namespace },
          ingress: { rules: [{ peer: this.instance, ports }] },
        });
      });
    }
  }

  /**
   * Lets a peer connect to this workload: a policy on either side.
   *
   * @throws HardeningError where no port is known, or the other side's policy would not find one of the two
   */
  override allowFrom(peer: INetworkPolicyPeer, options: PodConnectionsAllowFromOptions = {}): void {
    const ports = options.ports ?? this.#portsOf(this.instance, 'allowFrom');
    if (options.isolation !== PodConnectionsIsolation.PEER) {
      new NetworkPolicy(this.instance, `AllowIngress${peer.node.addr}`, {
        selector: this.instance,
        metadata: { name: nameOf(this.instance, 'ingress', peer), namespace: this.instance.metadata.namespace },
        ingress: { rules: [{ peer, ports }] },
      });
    }
    if (options.isolation !== PodConnectionsIsolation.POD) {
      this.#onPeer(peer, (selector, namespace) => {
        new NetworkPolicy(this.instance, `AllowEgress${namespace ?? ''}${peer.node.addr}`, {
          selector,
          metadata: { name: nameOf(peer, 'egress', this.instance), namespace },
          egress: { rules: [{ peer: this.instance, ports }] },
        });
        const { connections } = peer as Partial<AbstractPod & { readonly connections: PodConnections }>;
        if (connections instanceof HardenedConnections) connections.allowDns();
      });
    }
  }

  /** Lets this workload ask cluster DNS, whatever else the cluster's policies say. Asking twice changes nothing. */
  allowDns(): void {
    if (this.#asksDns) return;
    this.#asksDns = true;
    const namespaces = Namespaces.select(this.instance, 'DnsNamespace', { names: [clusterDns.namespace] });
    const peer = Pods.select(this.instance, 'Dns', { labels: { ...clusterDns.labels }, namespaces });
    new NetworkPolicy(this.instance, 'AllowDns', {
      selector: this.instance,
      metadata: {
        name: `${Names.toDnsLabel(this.instance)}-egress-dns`,
        namespace: this.instance.metadata.namespace,
      },
      egress: { rules: [{ peer, ports: dnsPorts }] },
    });
  }

  /** The ports that a workload declares now; those of containers that come later would be missing, which is an error. */
  #portsOf(listener: INetworkPolicyPeer, method: string): NetworkPolicyPort[] {
    const declared = (): readonly ContainerPort[] =>
      ((listener as Partial<AbstractPod>).containers ?? []).flatMap(({ ports }) => ports);
    const then = declared();
    if (then.length === 0) {
      throw connectionError(
        `${method}: ${listener.node.path} declares no port, and without one every port would be open`,
        'give its container a portNumber, or the connection ports',
      );
    }
    this.instance.node.addValidation({
      validate: () =>
        declared().length === then.length
          ? []
          : [`${method}: ${listener.node.path} got a port after the connection was made; make the connection later`],
    });
    return then.map(({ number, protocol }) =>
      NetworkPolicyPort.of({ port: number, protocol: protocol as NetworkProtocol | undefined }),
    );
  }

  /** Makes the policy of the other side, in each of its namespaces. An address block has no such side. */
  #onPeer(peer: INetworkPolicyPeer, make: (selector: IPodSelector, namespace: string | undefined) => void): void {
    const selector = peer.toPodSelector();
    if (!selector) return;
    const own = this.instance.metadata.namespace;
    const { namespaces } = selector.toPodSelectorConfig();
    if (namespaces?.labelSelector && !namespaces.labelSelector.isEmpty()) {
      throw connectionError(
        `${peer.node.path} selects namespaces by labels, which whoever may label a namespace can take`,
        'select namespaces by their names',
      );
    }
    const names = namespaces ? namespaces.names : [isWorkload(peer) ? undefined : own];
    if (!names) {
      throw connectionError(`${peer.node.path} is in every namespace`, 'select namespaces by their names');
    }
    if (names.some((name) => (name === undefined) !== (own === undefined))) {
      throw connectionError(
        `of ${this.instance.node.path} and ${peer.node.path} only one names its namespace, so that the other is not found`,
        'give both charts a namespace',
      );
    }
    for (const name of names) make(selector, name);
  }
}

function isWorkload(peer: INetworkPolicyPeer): boolean {
  return (peer as Partial<AbstractPod>).containers !== undefined;
}

/** cdk8s shortens names from the front: two clients of one server would share a policy's name, and one would replace the other. */
function nameOf(subject: INetworkPolicyPeer, direction: 'ingress' | 'egress', peer: INetworkPolicyPeer): string {
  return [Names.toDnsLabel(subject), direction, Names.toDnsLabel(peer)].join('-');
}

function connectionError(message: string, fix: string): HardeningError {
  return new HardeningError('spec', [
    { code: 'NETWORK_CONNECTION', path: 'connections', message, fix, control: 'network-policies/connection' },
  ]);
}
