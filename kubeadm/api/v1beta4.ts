/** The part of kubeadm's v1beta4 API that is rendered here. Names and meaning are kubeadm's own. */
export const apiVersion = 'kubeadm.k8s.io/v1beta4';

export interface Argument {
  readonly name: string;
  readonly value: string;
}

export interface HostPathMount {
  readonly name: string;
  readonly hostPath: string;
  readonly mountPath: string;
  readonly readOnly: boolean;
  readonly pathType: string;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface NodeRegistration {
  readonly name: string;
  readonly criSocket: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  readonly kubeletExtraArgs: readonly Argument[];
  readonly taints: readonly Taint[];
  /** Checks of kubeadm whose errors are only reported. */
  readonly ignorePreflightErrors?: readonly string[];
}

export interface ApiEndpoint {
  readonly advertiseAddress: string;
  /** TCP port. */
  readonly bindPort: number;
}

export interface Patches {
  readonly directory: string;
}

/** Go durations, for example `4m0s`. */
export interface Timeouts {
  readonly controlPlaneComponentHealthCheck: string;
  readonly kubeletHealthCheck: string;
  readonly discovery: string;
  readonly tlsBootstrap: string;
}

export interface BootstrapToken {
  readonly description: string;
  /** Go duration. */
  readonly ttl: string;
  readonly usages: readonly string[];
  readonly groups: readonly string[];
}

export interface InitConfiguration {
  readonly apiVersion: typeof apiVersion;
  readonly kind: 'InitConfiguration';
  readonly bootstrapTokens: readonly BootstrapToken[];
  readonly localAPIEndpoint: ApiEndpoint;
  readonly nodeRegistration: NodeRegistration;
  readonly patches: Patches;
  readonly timeouts: Timeouts;
}

export interface JoinConfiguration {
  readonly apiVersion: typeof apiVersion;
  readonly kind: 'JoinConfiguration';
  readonly controlPlane?: { readonly localAPIEndpoint: ApiEndpoint };
  readonly discovery: { readonly file: { readonly kubeConfigPath: string } };
  readonly nodeRegistration: NodeRegistration;
  readonly patches: Patches;
  readonly timeouts: Timeouts;
}

export interface UpgradeConfiguration {
  readonly apiVersion: typeof apiVersion;
  readonly kind: 'UpgradeConfiguration';
  readonly apply: {
    readonly kubernetesVersion: string;
    readonly imagePullPolicy: NodeRegistration['imagePullPolicy'];
    readonly patches: Patches;
  };
  readonly node: { readonly imagePullPolicy: NodeRegistration['imagePullPolicy']; readonly patches: Patches };
  readonly timeouts: Timeouts;
}
