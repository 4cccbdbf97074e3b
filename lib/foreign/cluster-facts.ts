import type { ObjectFact } from '../checks/objects';
import type { Json } from '../settings/setting';

/** What was seen, or why it was not. */
export type Seen<T> = { readonly fact: T } | { readonly unseen: string };

export const factOf = <T>(seen: Seen<T>): T | undefined => ('fact' in seen ? seen.fact : undefined);

/** What the API of a running kubeadm cluster tells about it. */
export interface ClusterFacts {
  /** `gitVersion` of the API server, for example `v1.36.3`. */
  readonly version: Seen<string>;
  readonly nodes: Seen<readonly ObjectFact[]>;
  /** Pods of the control plane's components, which mirror the manifests of the nodes. */
  readonly staticPods: Seen<readonly ObjectFact[]>;
  /** kubeadm's own record of the cluster, `kube-system/kubeadm-config`. */
  readonly clusterConfiguration: Seen<Json>;
  readonly namespaces: Seen<readonly ObjectFact[]>;
  /** Data of `kube-system/cilium-config`; null where there is none. */
  readonly ciliumConfig: Seen<Json>;
  readonly hasKubeProxy: Seen<boolean>;
  /** The spec that the cluster was made of, `kube-system/bulwark-spec`; null where Bulwark did not make it. */
  readonly recordedSpec: Seen<string | null>;
  /** Configuration that kubeadm gives kubelets, `kube-system/kubelet-config`. */
  readonly kubeletConfiguration: Seen<Json>;
  /** The Corefile of `kube-system/coredns`; null where there is none. */
  readonly corefile: Seen<string | null>;
}

/** A host of an inventory. */
export interface InventoryHost {
  readonly name: string;
  /** `ansible_host`. @default the host's name */
  readonly address: string;
  /** @default the SSH client's own */
  readonly port?: number;
  readonly groups: readonly string[];
  /** @default nothing is said of it */
  readonly access?: InventoryAccess;
}

/** How an inventory says that a host is logged in to; what it does not say is left out. */
export interface InventoryAccess {
  readonly user?: string;
  readonly identityFile?: string;
  readonly become?: 'none' | 'sudo';
  /** Host that the connection goes through. */
  readonly jump?: JumpAddress;
  /** Files of host keys that the arguments of SSH name, for the host and for its jump host. */
  readonly knownHosts?: readonly string[];
  /** Arguments of SSH that name a way which is none of a single jump host. */
  readonly unreadable?: string;
}

/** A jump host, before its host key is known. */
export interface JumpAddress {
  readonly user?: string;
  readonly address: string;
  readonly port: number;
}
